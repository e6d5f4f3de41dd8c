import { AccountStore } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import { SessionStore } from '../sessions/session-store.js'
import type { Session } from '../sessions/session-store.js'
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

  async remove({ accountId }: Session, visitor: Visitor): Promise<void> {
    const { database, sessionKeeper, ownerLetters, now } = this.#parts
    try {
      const account = await database.transaction(async (client) => {
        const accounts = new AccountStore(client)
        const found = await accounts.findAndLock(accountId)
        // Before the account, which takes its sessions with it: their browsers are told why they are over.
        await new SessionStore(client).endAllOf(accountId, 'accountDeleted', now())
        await accounts.remove(accountId)
        return found
      })
      if (account !== null) ownerLetters.tell(account, 'accountDeleted', visitor)
    } finally {
      // Also when no answer came: it may have been done.
      sessionKeeper.forgetAccount(accountId)
    }
  }
}
