import { AccountStore, type Account } from '../accounts/account-store.js'
import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'
import { SessionStore } from '../sessions/session-store.js'
import type { SignedIn } from './door.js'

/**
 * The first step of a transaction that changes an account for somebody who is signed in: locks the account, and looks
 * whether the session is still theirs. A request that waited for hashing may have outlived a reset of the password.
 *
 * @returns null when the session has ended, or has another token by now
 */
export async function lockForChange(
  { token, session }: SignedIn,
  client: Queryable,
): Promise<Account | null> {
  const account = await new AccountStore(client).findAndLock(session.accountId)
  const isHeld = await new SessionStore(client).isHeld(session.id, hashToken(token))
  return isHeld ? account : null
}
