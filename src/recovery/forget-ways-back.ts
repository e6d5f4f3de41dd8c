import { FailedAttemptStore } from '../attempts/failed-attempt-store.js'
import { KnownDeviceStore } from '../attempts/known-device-store.js'
import type { Queryable } from '../database/queryable.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import { RecoveryPasskeyStore } from '../recovery-passkey/recovery-passkey-store.js'
import { ResetCodeStore } from '../reset-codes/reset-code-store.js'
import { SecurityQuestionStore } from '../security-questions/security-question-store.js'
import { RecoveryStore } from './recovery-store.js'

/**
 * Forgets what somebody who knew the former password may have set up or been given, and lifts locks: passkey, questions,
 * codes, recoveries under way, and browsers that count for themselves.
 *
 * @param client of the transaction that sets the new password
 */
export async function forgetWaysBack(accountId: string, client: Queryable, now: Date): Promise<void> {
  await new RecoveryPasskeyStore(client).forget(accountId)
  await new SecurityQuestionStore(client).remove(accountId)
  await new KnownDeviceStore(client).forgetAllOf(accountId)
  await new FailedAttemptStore(client).liftAllOf(accountId, now)
  await new EmailCodeStore(client).forgetAllOf(accountId)
  await new ResetCodeStore(client).forget(accountId)
  await new RecoveryStore(client).endAllOf(accountId)
}
