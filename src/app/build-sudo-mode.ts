import { PasswordProofStore } from '../sudo-mode/password-proof-store.js'
import { ProofDesk } from '../sudo-mode/proof-desk.js'
import { ProofDetour } from '../sudo-mode/proof-detour.js'
import { SensitiveDoor } from '../sudo-mode/sensitive-door.js'
import { SudoMode } from '../sudo-mode/sudo-mode.js'
import { SudoStep } from '../sudo-mode/sudo-step.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { Credentials } from './build-credentials.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'
import type { SecondFactor } from './build-second-factor.js'
import type { SignIn } from './build-sign-in.js'
import { isWebauthnOffered } from './is-webauthn-offered.js'

export type Sudo = ReturnType<typeof buildSudoMode>

type Parts = {
  site: Site
  ground: Ground
  people: People
  attempts: Attempts
  credentials: Credentials
  secondFactor: SecondFactor
  signIn: SignIn
}

/** Asking again who one is. */
export function buildSudoMode({ site, ground, people, attempts, credentials, secondFactor, signIn }: Parts) {
  const { config, database, now } = site
  const { userAuthenticator } = signIn
  const { proofStep } = secondFactor
  const sudoMode = new SudoMode({
    ...config.sudo,
    passwordProofStore: new PasswordProofStore(database),
    ...people,
    knownDevices: attempts.knownDevices,
    userAuthenticator,
    proofStep,
    now,
  })
  const { webauthnStepStore } = credentials
  const hasFurtherWay = async (accountId: string) =>
    isWebauthnOffered(config) && (await webauthnStepStore.find(accountId)).hasCredentials
  const proofDetour = new ProofDetour({ sudoMode, hasFurtherWay, isForAll: false })
  const doorParts = {
    ...people,
    ...ground,
    sessionValiditySeconds: config.sessions.validitySeconds,
    now,
  }
  return {
    sudoMode,
    proofDetour,
    sensitiveDoor: new SensitiveDoor({ ...doorParts, proofDetour }),
    provedDoor: new SensitiveDoor({
      ...doorParts,
      proofDetour: new ProofDetour({ sudoMode, hasFurtherWay, isForAll: true }),
    }),
    sudoStep: new SudoStep({ ...ground, ...signIn, sudoMode, proofStep }),
    proofDesk: new ProofDesk({ ...ground, ...signIn, sudoMode, proofStep }),
    handlers: [],
    upkeep: [],
  }
}
