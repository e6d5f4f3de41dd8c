import { KnownDeviceStore } from '../attempts/known-device-store.js'
import { AuthenticatorAppStore } from '../authenticator-app/authenticator-app-store.js'
import type { Queryable } from '../database/queryable.js'
import { RecoveryCodeStore } from '../recovery-codes/recovery-code-store.js'
import { WebauthnStepStore } from '../webauthn/webauthn-step-store.js'

/**
 * Has no passkey asked for after the password any more, and forgets the recovery codes, unless they stand in for an
 * authenticator app too.
 *
 * @param client of a transaction in which the account is locked
 * @returns false when none was asked for
 */
export async function removeWebauthnStep(accountId: string, client: Queryable): Promise<boolean> {
  if (!(await new WebauthnStepStore(client).turnOff(accountId))) return false
  const app = await new AuthenticatorAppStore(client).find(accountId)
  if (app === null) await new RecoveryCodeStore(client).forget(accountId)
  await new KnownDeviceStore(client).distrustAllOf(accountId)
  return true
}
