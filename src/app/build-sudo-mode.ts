import { PasswordProofStore } from '../sudo-mode/password-proof-store.js'
import { ProofDetour } from '../sudo-mode/proof-detour.js'
import { SensitiveDoor } from '../sudo-mode/sensitive-door.js'
import { SudoMode } from '../sudo-mode/sudo-mode.js'
import { SudoStep } from '../sudo-mode/sudo-step.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'
import type { SignIn } from './build-sign-in.js'

export type Sudo = ReturnType<typeof buildSudoMode>

type Parts = { site: Site; ground: Ground; people: People; attempts: Attempts; signIn: SignIn }

/** Asking for the password again. */
export function buildSudoMode({ site, ground, people, attempts, signIn }: Parts) {
  const { config, database, now } = site
  const { userAuthenticator, visitorReader, door } = signIn
  const sudoMode = new SudoMode({
    ...config.sudo,
    passwordProofStore: new PasswordProofStore(database),
    knownDevices: attempts.knownDevices,
    userAuthenticator,
    sessionKeeper: people.sessionKeeper,
    now,
  })
  const proofDetour = new ProofDetour({ ...people, sudoMode })
  return {
    sudoMode,
    proofDetour,
    sensitiveDoor: new SensitiveDoor({
      ...people,
      ...ground,
      sessionValiditySeconds: config.sessions.validitySeconds,
      proofDetour,
      now,
    }),
    sudoStep: new SudoStep({ sudoMode, visitorReader, door, deviceCookie: ground.deviceCookie }),
    handlers: [],
    upkeep: [],
  }
}
