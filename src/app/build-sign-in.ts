import { Door } from '../sign-in/door.js'
import { OnwardDoor } from '../sign-in/onward-door.js'
import { FarewellCookie } from '../sign-in/farewell-cookie.js'
import { HttpHandler } from '../sign-in/http-handler.js'
import { LoginNoticeReader } from '../sign-in/login-notice-reader.js'
import { LoginPageCreator } from '../sign-in/login-page-creator.js'
import { LoginRefuser } from '../sign-in/login-refuser.js'
import { LogoutHandler } from '../sign-in/logout-handler.js'
import { LogoutPageCreator } from '../sign-in/logout-page-creator.js'
import { ProgramWelcome } from '../sign-in/program-welcome.js'
import { RegisterPageCreator } from '../sign-in/register-page-creator.js'
import { RequestParser } from '../sign-in/request-parser.js'
import { SessionStarter } from '../sign-in/session-starter.js'
import { SignInApiHandler } from '../sign-in/sign-in-api-handler.js'
import { SignOut } from '../sign-in/sign-out.js'
import { UserAuthenticator } from '../sign-in/user-authenticator.js'
import { VisitorReader } from '../sign-in/visitor-reader.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { Captcha } from './build-captcha.js'
import type { Ground } from './build-ground.js'
import type { Passkeys } from './build-passkeys.js'
import type { People } from './build-people.js'
import type { SecondFactor } from './build-second-factor.js'
import type { SiblingApps } from './build-sibling-apps.js'
import type { Tokens } from './build-tokens.js'
import { isWebauthnOffered } from './is-webauthn-offered.js'
import { offeredMethods } from './offered-methods.js'

export type SignIn = ReturnType<typeof buildSignIn>

type Parts = {
  site: Site
  ground: Ground
  people: People
  attempts: Attempts
  captcha: Captcha
  siblingApps: SiblingApps
  passkeys: Passkeys
  secondFactor: SecondFactor
  tokens: Tokens
}

/** Signing in, registering and signing out. */
export function buildSignIn(parts: Parts) {
  const { site, ground, people, attempts, siblingApps, passkeys, tokens } = parts
  const { secondStep } = parts.secondFactor
  const { humanCheck } = parts.captcha
  const { config, now, view } = site
  const { passwordHasher, sessionCookie, deviceCookie } = ground
  const {
    accountStore,
    endedSessionStore,
    newPasswordReader,
    profileStore,
    securityEventRecorder,
    sessionFinder,
    sessionKeeper,
  } = people
  const { destinationReader, refusedRedirectPageCreator } = siblingApps
  const methods = offeredMethods(config)
  const settings = {
    revealAccountExistence: config.revealAccountExistence,
    offersPasskey: methods.includes('passkey'),
    otherService: config.openid?.name ?? null,
  }
  const userAuthenticator = new UserAuthenticator({
    signInGate: attempts.signInGate,
    secondStep,
    accountStore,
    sessionKeeper,
    passwordHasher,
    securityEventRecorder,
    sessionTokenValidityDurationSeconds: config.sessions.validitySeconds,
    now,
  })
  const door = new Door({
    sessionFinder,
    sessionCookie,
    sessionValiditySeconds: config.sessions.validitySeconds,
    now,
  })
  const farewellCookie = new FarewellCookie(config)
  const visitorReader = new VisitorReader(deviceCookie)
  const tokenHandOver = tokens.tokenDesk
  const signOut = new SignOut({
    sessionKeeper,
    sessionCookie,
    securityEventRecorder,
    visitorReader,
    tokenHandOver,
    now,
  })
  const requestParser = new RequestParser({ destinationReader, newPasswordReader })
  const destinations = { destinationReader, refusedRedirectPageCreator }
  const sessionStarter = new SessionStarter({
    userAuthenticator,
    sessionCookie,
    deviceCookie,
    tokenHandOver,
    signInDetour: passkeys.signInDetour,
    now,
  })
  const programWelcome = new ProgramWelcome({
    sessionStarter,
    profileStore,
    tokenHandOver,
    passkeyHandOver: async (account, visitor) =>
      passkeys.recoveryPasskeyKeeper.handOverIfDue(account, visitor),
  })
  const loginPageCreator = new LoginPageCreator(view, {
    ...settings,
    offersWebauthn: isWebauthnOffered(config),
  })
  const bothFaces = {
    requestParser,
    userAuthenticator,
    visitorReader,
    humanCheck,
    secondStep,
    sessionStarter,
  }
  return {
    userAuthenticator,
    door,
    onwardDoor: new OnwardDoor({ ...destinations, door }),
    visitorReader,
    farewellCookie,
    sessionStarter,
    programWelcome,
    handlers: [
      new HttpHandler({
        ...bothFaces,
        ...destinations,
        door,
        loginNoticeReader: new LoginNoticeReader({ sessionCookie, endedSessionStore, farewellCookie }),
        loginPageCreator,
        loginRefuser: new LoginRefuser({ loginPageCreator, humanCheck }),
        registerPageCreator: new RegisterPageCreator(view, {
          minimumPasswordLength: config.passwords.minimumLength,
          otherService: settings.otherService,
          isEmailNeeded: config.secondFactor.emailOtp === 'required',
        }),
      }),
      new LogoutHandler({
        ...destinations,
        signOut,
        farewellCookie,
        logoutPageCreator: new LogoutPageCreator(view),
      }),
      new SignInApiHandler({
        ...bothFaces,
        ...settings,
        signOut,
        programWelcome,
      }),
    ],
    upkeep: [],
  }
}
