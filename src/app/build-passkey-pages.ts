import { PasskeyApiHandler } from '../recovery-passkey/passkey-api-handler.js'
import { PasskeyGuard } from '../recovery-passkey/passkey-guard.js'
import { RecoveryPasskeyHandler } from '../recovery-passkey/recovery-passkey-handler.js'
import { RecoveryPasskeyPageCreator } from '../recovery-passkey/recovery-passkey-page-creator.js'
import { RegeneratePasskeyHandler } from '../recovery-passkey/regenerate-passkey-handler.js'
import { RegeneratePasskeyPageCreator } from '../recovery-passkey/regenerate-passkey-page-creator.js'
import { OnwardDoor } from '../sign-in/onward-door.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { Ground } from './build-ground.js'
import type { Passkeys } from './build-passkeys.js'
import type { People } from './build-people.js'
import type { SiblingApps } from './build-sibling-apps.js'
import type { SignIn } from './build-sign-in.js'
import type { Sudo } from './build-sudo-mode.js'
import type { Floor } from './floor.js'

type Parts = {
  site: Site
  ground: Ground
  people: People
  attempts: Attempts
  signIn: SignIn
  sudo: Sudo
  passkeys: Passkeys
  siblingApps: SiblingApps
}

/** The two faces of recovery passkeys; none where the operator offers no such passkeys. */
export function buildPasskeyPages(parts: Parts): Floor {
  const { ground, people, attempts, siblingApps, signIn, sudo, passkeys } = parts
  const { config, view, now } = parts.site
  const { door, onwardDoor, visitorReader } = signIn
  const { proofDetour, sensitiveDoor } = sudo
  const { recoveryPasskeyKeeper, passkeyReminder } = passkeys
  if (!config.recovery.methods.includes('passkey')) return { handlers: [], upkeep: [] }
  return {
    handlers: [
      new RecoveryPasskeyHandler({
        recoveryPasskeyKeeper,
        recoveryPasskeyPageCreator: new RecoveryPasskeyPageCreator(view),
        passkeyGuard: new PasskeyGuard({
          ...config.sudo,
          sudoMode: sudo.sudoMode,
          knownDevices: attempts.knownDevices,
          now,
        }),
        sudoStep: sudo.sudoStep,
        proofDetour,
        visitorReader,
        onwardDoor,
      }),
      new RegeneratePasskeyHandler({
        recoveryPasskeyKeeper,
        regeneratePasskeyPageCreator: new RegeneratePasskeyPageCreator(view),
        passkeyReminder,
        sudoStep: sudo.sudoStep,
        visitorReader,
        onwardDoor: new OnwardDoor({ ...siblingApps, door: sensitiveDoor }),
      }),
      new PasskeyApiHandler({
        recoveryPasskeyKeeper,
        sudoMode: sudo.sudoMode,
        sessionFinder: people.sessionFinder,
        accountStore: people.accountStore,
        visitorReader,
        door,
        deviceCookie: ground.deviceCookie,
      }),
    ],
    upkeep: [],
  }
}
