import { AccountStore } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import { SessionStore } from '../sessions/session-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { OwnerLetters } from './owner-letters.js'

export type AccountRemoverParts = {
  database: Database
  sessionKeeper: SessionKeeper
  ownerLetters: OwnerLetters
  now: () => Date
}

/** Deletes an account with all that belongs to it, at its owner's wish. */
export class AccountRemover {
  readonly #parts: AccountRemoverParts

  constructor(parts: AccountRemoverParts) {
    this.#parts = parts
  }

  /** @returns false, and nothing is deleted, when the session is over */
  async remove(signedIn: SignedIn, visitor: Visitor): Promise<boolean> {
    const { database, sessionKeeper, ownerLetters, now } = this.#parts
    const { accountId } = signedIn.session
    try {
      const account = await database.transaction(async (client) => {
        const found = await lockForChange(signedIn, client)
        if (found === null) return null
        // Before the account, which takes its sessions with it: their browsers are told why they are over.
        await new SessionStore(client).endAllOf(accountId, 'accountDeleted', now())
        await new AccountStore(client).remove(accountId)
        return found
      })
      if (account === null) return false
      ownerLetters.tell(account, 'accountDeleted', visitor)
      return true
    } finally {
      // Also when no answer came: it may have been done.
      sessionKeeper.forgetAccount(accountId)
    }
  }
}
