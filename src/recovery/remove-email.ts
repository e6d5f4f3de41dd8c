import { AccountEmailStore } from '../accounts/account-email-store.js'
import type { Queryable } from '../database/queryable.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import { endRecoveries } from './end-recoveries.js'

/**
 * Takes its e-mail address away from an account, with every code and recovery that may rest on it.
 *
 * @param client of a transaction in which the account is locked
 */
export async function removeEmail(accountId: string, client: Queryable): Promise<void> {
  await new AccountEmailStore(client).set(accountId, null, null)
  await new EmailCodeStore(client).forgetAllOf(accountId)
  await endRecoveries(accountId, client)
}
