import { KnownDeviceStore } from '../attempts/known-device-store.js'
import type { Queryable } from '../database/queryable.js'
import { RecoveryCodeStore } from '../recovery-codes/recovery-code-store.js'
import { WebauthnStepStore } from '../webauthn/webauthn-step-store.js'
import { AuthenticatorAppStore } from './authenticator-app-store.js'
import { EnrolmentStore } from './enrolment-store.js'

/**
 * Takes its app away from an account, with the recovery codes, unless they stand in for passkeys too.
 *
 * @param client of a transaction in which the account is locked
 * @returns false when there was none
 */
export async function removeApp(accountId: string, client: Queryable): Promise<boolean> {
  await new EnrolmentStore(client).forgetAllOf(accountId)
  const { since } = await new WebauthnStepStore(client).find(accountId)
  if (since === null) await new RecoveryCodeStore(client).forget(accountId)
  await new KnownDeviceStore(client).distrustAllOf(accountId)
  return new AuthenticatorAppStore(client).remove(accountId)
}
