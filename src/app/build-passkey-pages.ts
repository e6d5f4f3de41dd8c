import { RecoveryPasskeyHandler } from '../recovery-passkey/recovery-passkey-handler.js'
import { RecoveryPasskeyPageCreator } from '../recovery-passkey/recovery-passkey-page-creator.js'
import { RegeneratePasskeyHandler } from '../recovery-passkey/regenerate-passkey-handler.js'
import { RegeneratePasskeyPageCreator } from '../recovery-passkey/regenerate-passkey-page-creator.js'
import type { Site } from './app-parts.js'
import type { Passkeys } from './build-passkeys.js'
import type { SiblingApps } from './build-sibling-apps.js'
import type { SignIn } from './build-sign-in.js'
import type { Sudo } from './build-sudo-mode.js'
import type { Floor } from './floor.js'

type Parts = { site: Site; siblingApps: SiblingApps; signIn: SignIn; sudo: Sudo; passkeys: Passkeys }

/** The pages of recovery passkeys; none where the operator offers no such passkeys. */
export function buildPasskeyPages({ site, siblingApps, signIn, sudo, passkeys }: Parts): Floor {
  const { config, view } = site
  const { destinationReader, refusedRedirectPageCreator } = siblingApps
  const { door, visitorReader } = signIn
  const { recoveryPasskeyKeeper, passkeyReminder } = passkeys
  if (!config.recovery.methods.includes('passkey')) return { handlers: [], upkeep: [] }
  return {
    handlers: [
      new RecoveryPasskeyHandler({
        recoveryPasskeyKeeper,
        recoveryPasskeyPageCreator: new RecoveryPasskeyPageCreator(view),
        refusedRedirectPageCreator,
        destinationReader,
        visitorReader,
        door,
      }),
      new RegeneratePasskeyHandler({
        recoveryPasskeyKeeper,
        regeneratePasskeyPageCreator: new RegeneratePasskeyPageCreator(view),
        passkeyReminder,
        sudoStep: sudo.sudoStep,
        visitorReader,
        door,
      }),
    ],
    upkeep: [],
  }
}
