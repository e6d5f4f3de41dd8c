import { wordUserAgent } from '../profile/word-user-agent.js'
import { removeWebauthnStep } from '../webauthn-step/remove-webauthn-step.js'
import { CredentialEnrolment } from '../webauthn/credential-enrolment.js'
import { CredentialKeeper } from '../webauthn/credential-keeper.js'
import { CredentialsHandler } from '../webauthn/credentials-handler.js'
import { CredentialsPageCreator } from '../webauthn/credentials-page-creator.js'
import { EnrolmentHandler } from '../webauthn/enrolment-handler.js'
import { EnrolmentPageCreator } from '../webauthn/enrolment-page-creator.js'
import { UserHandleStore } from '../webauthn/user-handle-store.js'
import { WebauthnApiHandler } from '../webauthn/webauthn-api-handler.js'
import { WebauthnEntrance } from '../webauthn/webauthn-entrance.js'
import { WebauthnCookie } from '../webauthn/webauthn-cookie.js'
import { WebauthnHandler } from '../webauthn/webauthn-handler.js'
import { WebauthnPageCreator } from '../webauthn/webauthn-page-creator.js'
import { WebauthnWay } from '../webauthn/webauthn-way.js'
import type { ProofWay } from '../sudo-mode/proof-way.js'
import { ProfileDoor } from '../profile/profile-door.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { Credentials } from './build-credentials.js'
import type { Passkeys } from './build-passkeys.js'
import type { People } from './build-people.js'
import type { SecondFactor } from './build-second-factor.js'
import type { SiblingApps } from './build-sibling-apps.js'
import type { SignIn } from './build-sign-in.js'
import type { Sudo } from './build-sudo-mode.js'
import type { Floor } from './floor.js'

type Parts = {
  site: Site
  people: People
  attempts: Attempts
  credentials: Credentials
  siblingApps: SiblingApps
  passkeys: Passkeys
  secondFactor: SecondFactor
  signIn: SignIn
  sudo: Sudo
}

/** Passkeys: signing in and proving again with them, and where their owner sees them; none where the operator offers none. */
export function buildWebauthn(parts: Parts): Floor & { proofWays: readonly ProofWay[] } {
  const { site, people, attempts, credentials, siblingApps, passkeys, secondFactor, signIn, sudo } = parts
  const { config, database, now, view } = site
  if (!config.webauthn.isOffered) return { handlers: [], upkeep: [], proofWays: [] }
  const credentialKeeper = new CredentialKeeper({
    database,
    tellOwner: (...news) => people.ownerLetters.tell(...news),
    endStep: removeWebauthnStep,
    now,
  })
  const webauthnEntrance = new WebauthnEntrance({
    ...config,
    ...people,
    ...attempts,
    ...secondFactor,
    ...credentials,
    webauthnCookie: new WebauthnCookie(config),
  })
  const credentialEnrolment = new CredentialEnrolment({
    ...config,
    ...people,
    ...credentials,
    credentialKeeper,
    userHandleStore: new UserHandleStore(database),
    suggestName: wordUserAgent,
  })
  const webauthnPageCreator = new WebauthnPageCreator(view)
  const webauthnWay = new WebauthnWay({ ...config, ...signIn, ...sudo, ...credentials, webauthnPageCreator })
  const bothFaces = { ...signIn, ...secondFactor, webauthnEntrance }
  const owned = {
    ...signIn,
    ...sudo,
    door: new ProfileDoor({ ...signIn, ...passkeys }),
    sensitiveDoor: new ProfileDoor({ ...signIn, ...passkeys, door: sudo.sensitiveDoor }),
    ...credentials,
    credentialKeeper,
  }
  return {
    handlers: [
      new WebauthnHandler({ ...bothFaces, ...siblingApps, webauthnPageCreator }),
      webauthnWay,
      new WebauthnApiHandler(bothFaces),
      new EnrolmentHandler({
        ...owned,
        provedDoor: new ProfileDoor({ ...signIn, ...passkeys, door: sudo.provedDoor }),
        credentialEnrolment,
        enrolmentPageCreator: new EnrolmentPageCreator(view),
      }),
      new CredentialsHandler({
        ...owned,
        credentialsPageCreator: new CredentialsPageCreator(view, {
          hasRecoveryPasskeys: config.recovery.methods.includes('passkey'),
        }),
      }),
    ],
    proofWays: [webauthnWay],
    upkeep: [],
  }
}
