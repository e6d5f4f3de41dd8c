import { AccountRemover } from '../profile/account-remover.js'
import { DashboardHandler } from '../profile/dashboard-handler.js'
import { DashboardPageCreator } from '../profile/dashboard-page-creator.js'
import { DeletionHandler } from '../profile/deletion-handler.js'
import { DeletionPageCreator } from '../profile/deletion-page-creator.js'
import { DisplayNameHandler } from '../profile/display-name-handler.js'
import { DisplayNamePageCreator } from '../profile/display-name-page-creator.js'
import { EmailChanger } from '../profile/email-changer.js'
import { EmailConfirmationHandler } from '../profile/email-confirmation-handler.js'
import { EmailConfirmationPageCreator } from '../profile/email-confirmation-page-creator.js'
import { EmailHandler } from '../profile/email-handler.js'
import { EmailPageCreator } from '../profile/email-page-creator.js'
import { EmailRemovalHandler } from '../profile/email-removal-handler.js'
import { EmailRemovalPageCreator } from '../profile/email-removal-page-creator.js'
import { EventsHandler } from '../profile/events-handler.js'
import { EventsPageCreator } from '../profile/events-page-creator.js'
import { PasswordChanger } from '../profile/password-changer.js'
import { PasswordHandler } from '../profile/password-handler.js'
import { PasswordPageCreator } from '../profile/password-page-creator.js'
import { ProfileDoor } from '../profile/profile-door.js'
import { ProfileHandler } from '../profile/profile-handler.js'
import { ProfilePageCreator } from '../profile/profile-page-creator.js'
import { SessionEnder } from '../profile/session-ender.js'
import { SessionsHandler } from '../profile/sessions-handler.js'
import { SessionsPageCreator } from '../profile/sessions-page-creator.js'
import { SignInCodeHandler } from '../profile/sign-in-code-handler.js'
import { SignInCodePageCreator } from '../profile/sign-in-code-page-creator.js'
import { TutorialHandler } from '../profile/tutorial-handler.js'
import { LinkedIdentityStore } from '../openid-sign-in/linked-identity-store.js'
import { SecurityEventListStore } from '../security-events/security-event-list-store.js'
import { SecurityQuestionStore } from '../security-questions/security-question-store.js'
import { SecondFactorKeeper } from '../sign-in-codes/second-factor-keeper.js'
import { CredentialStore } from '../webauthn/credential-store.js'
import type { Site } from './app-parts.js'
import type { EmailCodes } from './build-email-codes.js'
import type { Ground } from './build-ground.js'
import type { Passkeys } from './build-passkeys.js'
import type { People } from './build-people.js'
import type { SecondFactor } from './build-second-factor.js'
import type { SignIn } from './build-sign-in.js'
import type { Sudo } from './build-sudo-mode.js'
import { isWebauthnOffered } from './is-webauthn-offered.js'
import { offeredMethods } from './offered-methods.js'

type Parts = {
  site: Site
  ground: Ground
  people: People
  signIn: SignIn
  passkeys: Passkeys
  emailCodes: EmailCodes
  secondFactor: SecondFactor
  sudo: Sudo
}

/** What lies behind the door. */
export function buildProfile(parts: Parts) {
  const { site, ground, people, signIn, passkeys, emailCodes, sudo } = parts
  const { secondFactorStore, stepChoice } = parts.secondFactor
  const { config, database, now, view } = site
  const { passwordHasher, sessionCookie, mailOutbox } = ground
  const { accountStore, profileStore, sessionKeeper, newPasswordReader, ownerLetters } = people
  const methods = offeredMethods(config)
  const { visitorReader, farewellCookie } = signIn
  const profileDoor = new ProfileDoor({ ...signIn, ...passkeys })
  const changing = { database, sessionKeeper, ownerLetters, now }
  const emailChanger = new EmailChanger({
    ...config,
    ...emailCodes,
    ...changing,
    mailOutbox,
  })
  const { emailOtp } = config.secondFactor
  const isCodeRequired = emailOtp === 'required'
  const hasPasskeys = methods.includes('passkey')
  const recoversByEmail = methods.includes('email')
  const common = { profileDoor, visitorReader, accountStore, profileStore, sessionKeeper, now }
  const sensitive = {
    ...common,
    profileDoor: new ProfileDoor({ ...signIn, ...passkeys, door: sudo.sensitiveDoor }),
    sudoStep: sudo.sudoStep,
  }
  return {
    handlers: [
      new DashboardHandler({
        ...common,
        dashboardPageCreator: new DashboardPageCreator(view, {
          hasPasskeys,
          hasWaysBack: methods.length > 0,
        }),
      }),
      new ProfileHandler({
        ...common,
        recoveryPasskeyKeeper: passkeys.recoveryPasskeyKeeper,
        securityQuestionStore: new SecurityQuestionStore(database),
        stepChoice,
        linkedIdentityStore: new LinkedIdentityStore(database),
        credentialStore: new CredentialStore(database),
        profilePageCreator: new ProfilePageCreator(view, {
          services: config.openid?.name ?? (config.firebase === null ? null : 'Firebase'),
          passkeys: hasPasskeys,
          questions: methods.includes('questions'),
          codes: emailOtp !== 'off',
          apps: config.secondFactor.authenticatorApp,
          webauthn: isWebauthnOffered(config),
        }),
      }),
      ...(emailOtp === 'off'
        ? []
        : [
            new SignInCodeHandler({
              ...sensitive,
              // Where nothing can be changed, nobody has to prove who they are.
              ...(isCodeRequired ? { profileDoor } : {}),
              secondFactorStore,
              stepChoice,
              secondFactorKeeper: new SecondFactorKeeper({
                database,
                tellOwner: (...news) => ownerLetters.tell(...news),
                now,
              }),
              signInCodePageCreator: new SignInCodePageCreator(view),
              isRequired: isCodeRequired,
            }),
          ]),
      new TutorialHandler(common),
      new DisplayNameHandler({ ...common, displayNamePageCreator: new DisplayNamePageCreator(view) }),
      new EmailHandler({
        ...sensitive,
        emailChanger,
        emailPageCreator: new EmailPageCreator(view, { recoversByEmail }),
      }),
      new EmailConfirmationHandler({
        ...common,
        emailChanger,
        emailConfirmationPageCreator: new EmailConfirmationPageCreator(view, {
          sendsMail: config.mail.server !== null,
          mailsPerHour: config.emailCodes.confirmEmail.perHour,
        }),
      }),
      new EmailRemovalHandler({
        ...sensitive,
        emailChanger,
        emailRemovalPageCreator: new EmailRemovalPageCreator(view, { recoversByEmail, emailOtp }),
      }),
      new PasswordHandler({
        ...sensitive,
        newPasswordReader,
        passwordChanger: new PasswordChanger({ ...changing, passwordHasher }),
        passwordPageCreator: new PasswordPageCreator(view, {
          minimumPasswordLength: config.passwords.minimumLength,
        }),
      }),
      new SessionsHandler({
        ...common,
        sessionEnder: new SessionEnder(changing),
        sessionsPageCreator: new SessionsPageCreator(view),
      }),
      new EventsHandler({
        ...common,
        securityEventListStore: new SecurityEventListStore(database),
        securityEventRecorder: people.securityEventRecorder,
        eventsPageCreator: new EventsPageCreator(view, { keptDays: config.securityEvents.days }),
      }),
      new DeletionHandler({
        ...sensitive,
        accountRemover: new AccountRemover(changing),
        deletionPageCreator: new DeletionPageCreator(view),
        sessionCookie,
        farewellCookie,
      }),
    ],
    upkeep: [],
  }
}
