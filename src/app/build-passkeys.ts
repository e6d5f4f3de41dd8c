import { PasskeyReminder } from '../recovery-passkey/passkey-reminder.js'
import { RecoveryPasskeyKeeper } from '../recovery-passkey/recovery-passkey-keeper.js'
import { endRecoveries } from '../recovery/end-recoveries.js'
import type { SignInDetour } from '../sign-in/sign-in-detour.js'
import type { Site } from './app-parts.js'
import type { People } from './build-people.js'

export type Passkeys = ReturnType<typeof buildPasskeys>

/** Recovery passkeys, and who is reminded of theirs; built before signing in, which has a socket for it. */
export function buildPasskeys({ config, database, now }: Site, { ownerLetters }: People) {
  const recoveryPasskeyKeeper = new RecoveryPasskeyKeeper({
    database,
    isOffered: config.recovery.methods.includes('passkey'),
    wayBackChange: endRecoveries,
    tellOwner: (...news) => ownerLetters.tell(...news),
    now,
  })
  const passkeyReminder = new PasskeyReminder(recoveryPasskeyKeeper)
  const signInDetour: SignInDetour | null = config.recovery.showPasskeyBeforeRedirect
    ? passkeyReminder.detourAtSignIn
    : null
  return { recoveryPasskeyKeeper, passkeyReminder, signInDetour }
}
