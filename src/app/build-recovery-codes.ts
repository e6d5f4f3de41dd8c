import { RecoveryCodeStep } from '../recovery-codes/recovery-code-step.js'
import type { Site } from './app-parts.js'
import type { People } from './build-people.js'

export type RecoveryCodes = ReturnType<typeof buildRecoveryCodes>

/** What stands in for a phone or passkeys that are lost; built before the second step, which has a socket for it. */
export function buildRecoveryCodes(
  { config, database, now }: Site,
  { ownerLetters, securityEventRecorder }: People,
) {
  return {
    isOffered: config.secondFactor.authenticatorApp || config.webauthn.isOffered,
    recoveryCodeStep: new RecoveryCodeStep({
      database,
      securityEventRecorder,
      tellOwner: (...news) => ownerLetters.tell(...news),
      now,
    }),
  }
}
