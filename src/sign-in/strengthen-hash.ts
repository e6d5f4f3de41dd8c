import type { Account, AccountStore } from '../accounts/account-store.js'
import { HashingBusy } from '../secrets/hashing-busy.js'
import type { PasswordHasher } from '../secrets/password-hasher.js'

/** Hashes a password again with settings that were raised since: only when it was just typed is it at hand. */
export async function strengthenHash(
  account: Account,
  password: string,
  { passwordHasher, accountStore }: { passwordHasher: PasswordHasher; accountStore: AccountStore },
): Promise<void> {
  if (!passwordHasher.needsRehash(account.passwordHash)) return
  try {
    const hash = await passwordHasher.hash(password)
    await accountStore.replacePasswordHash(account.id, account.passwordHash, hash)
  } catch (error) {
    // A full queue is no reason to refuse the right password; the next sign-in tries again.
    if (!(error instanceof HashingBusy)) throw error
  }
}
