import { AccountEmailStore } from '../accounts/account-email-store.js'
import { FailedAttemptStore } from '../attempts/failed-attempt-store.js'
import { KnownDeviceStore } from '../attempts/known-device-store.js'
import type { Queryable } from '../database/queryable.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import { LinkedIdentityStore } from '../openid-sign-in/linked-identity-store.js'
import { RecoveryPasskeyStore } from '../recovery-passkey/recovery-passkey-store.js'
import { ResetCodeStore } from '../reset-codes/reset-code-store.js'
import { SecurityQuestionStore } from '../security-questions/security-question-store.js'
import { removeWebauthnStep } from '../webauthn-step/remove-webauthn-step.js'
import { CredentialStore } from '../webauthn/credential-store.js'
import { RecoveryStore } from './recovery-store.js'

/**
 * Forgets what somebody who knew the former password may have set up or been given, and lifts locks: recovery passkey,
 * questions, codes, recoveries under way, passkeys, identities at other services, and browsers that count for themselves.
 * The e-mail address stays, but is confirmed again before it opens the account.
 *
 * @param client of the transaction that sets the new password
 * @param isByMail whether somebody who reads the mail of the address sets it
 */
export async function forgetWaysBack(
  accountId: string,
  client: Queryable,
  now: Date,
  isByMail = false,
): Promise<void> {
  if (!isByMail) await new AccountEmailStore(client).closeWayBack(accountId, now)
  await new RecoveryPasskeyStore(client).forget(accountId)
  await new SecurityQuestionStore(client).remove(accountId)
  await new LinkedIdentityStore(client).removeAllOf(accountId)
  await new CredentialStore(client).removeAllOf(accountId)
  await removeWebauthnStep(accountId, client)
  await new KnownDeviceStore(client).forgetAllOf(accountId)
  await new FailedAttemptStore(client).liftAllOf(accountId, now)
  await new EmailCodeStore(client).forgetAllOf(accountId)
  await new ResetCodeStore(client).forget(accountId)
  await new RecoveryStore(client).endAllOf(accountId)
}
