import { AfterPassword } from '../second-factor/after-password.js'
import { AfterProvedPassword } from '../second-factor/after-proved-password.js'
import { PendingSignInCookie } from '../second-factor/pending-sign-in-cookie.js'
import { PendingSignInStore } from '../second-factor/pending-sign-in-store.js'
import { SecondStepKeeper } from '../second-factor/second-step-keeper.js'
import { stepNames, type SecondStepMethod, type StepName } from '../second-factor/second-step-method.js'
import { SecondStepUpkeep } from '../second-factor/second-step-upkeep.js'
import { StepChoice } from '../second-factor/step-choice.js'
import { AddressEnrolment } from '../sign-in-codes/address-enrolment.js'
import { MailedCodes } from '../sign-in-codes/mailed-codes.js'
import { MailedSignInStore } from '../sign-in-codes/mailed-sign-in-store.js'
import { SecondFactorStore } from '../sign-in-codes/second-factor-store.js'
import { SignInCodeSender } from '../sign-in-codes/sign-in-code-sender.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { AuthenticatorApp } from './build-authenticator-app.js'
import type { Credentials } from './build-credentials.js'
import type { EmailCodes } from './build-email-codes.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'
import type { RecoveryCodes } from './build-recovery-codes.js'

export type SecondFactor = ReturnType<typeof buildSecondFactor>

type Parts = {
  site: Site
  ground: Ground
  people: People
  attempts: Attempts
  emailCodes: EmailCodes
  authenticatorApp: AuthenticatorApp
  credentials: Credentials
  recoveryCodes: RecoveryCodes
}

/** What signing in asks for beside the password; built before it, which has a socket for it. */
export function buildSecondFactor(parts: Parts) {
  const { site, ground, people, attempts, emailCodes, authenticatorApp, credentials, recoveryCodes } = parts
  const { config, database, logger, now, view } = site
  const { mailer } = ground
  const { accountStore, securityEventRecorder } = people
  const { emailOtp } = config.secondFactor
  const pendingSignInStore = new PendingSignInStore(database)
  const mailedSignInStore = new MailedSignInStore(database)
  const secondFactorStore = new SecondFactorStore(database)
  const signInCodeSender = new SignInCodeSender({
    ...attempts,
    ...emailCodes,
    mailedSignInStore,
    mailer,
    securityEventRecorder,
    view,
    serviceName: config.serviceName,
    now,
  })
  const addressEnrolment = new AddressEnrolment({
    ...emailCodes,
    ...people,
    mailedSignInStore,
    signInCodeSender,
  })
  const mailedCodes = new MailedCodes({
    ...emailCodes,
    mailedSignInStore,
    secondFactorStore,
    signInCodeSender,
    addressEnrolment,
    isRequired: emailOtp === 'required',
    now,
  })
  const offered = {
    passkey: config.webauthn.isOffered ? credentials.webauthnStep : null,
    authenticatorCode: config.secondFactor.authenticatorApp ? authenticatorApp.authenticatorStep : null,
    emailCode: emailOtp === 'off' ? null : mailedCodes,
    recoveryCode: recoveryCodes.isOffered ? recoveryCodes.recoveryCodeStep : null,
  } satisfies { [name in StepName]: SecondStepMethod | null }
  const stepChoice = new StepChoice(stepNames.flatMap((name) => offered[name] ?? []))
  const secondStepKeeper = new SecondStepKeeper({
    ...config.secondFactor,
    ...attempts,
    pendingSignInStore,
    stepChoice,
    accountStore,
    securityEventRecorder,
    confirmFirstFactor: async (firstFactor) => {
      if (firstFactor.kind === 'passkey' && firstFactor.hasNewUv)
        await credentials.credentialStore.initializeUv(firstFactor.credentialId)
    },
    now,
  })
  const cookieRules = {
    publicOrigin: config.publicOrigin,
    validitySeconds: config.secondFactor.validitySeconds,
  }
  const pendingSignInCookie = new PendingSignInCookie({ ...cookieRules, name: 'latchkey_sign_in' })
  const proofCookie = new PendingSignInCookie({ ...cookieRules, name: 'latchkey_proof' })
  return {
    secondFactorStore,
    stepChoice,
    mailedCodes,
    addressEnrolment,
    secondStepKeeper,
    pendingSignInCookie,
    proofCookie,
    secondStep: new AfterPassword({ secondStepKeeper, pendingSignInCookie }),
    proofStep: new AfterProvedPassword({ secondStepKeeper, pendingSignInCookie: proofCookie }),
    handlers: [],
    upkeep: [
      new SecondStepUpkeep({
        pendingSignInStore,
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
