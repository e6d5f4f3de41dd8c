import { AccountStore, type Account } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import { ResetCodeStore } from '../reset-codes/reset-code-store.js'
import { HashingBusy } from '../secrets/hashing-busy.js'
import type { PasswordHasher } from '../secrets/password-hasher.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import { SessionStore, type Session } from '../sessions/session-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { OwnerLetters } from './owner-letters.js'

export type ChangePasswordOutcome =
  | { kind: 'changed'; /** Of the session from now on; null when it is over. */ token: string | null }
  /** The password was changed since `account` was read, by another browser or the operator. */
  | { kind: 'overtaken' }
  | { kind: 'busy'; retryAfterSeconds: number }

export type PasswordChangerParts = {
  database: Database
  passwordHasher: PasswordHasher
  sessionKeeper: SessionKeeper
  ownerLetters: OwnerLetters
  now: () => Date
}

/** Gives an account another password and ends its sessions in all browsers but this one. Knows no forms. */
export class PasswordChanger {
  readonly #parts: PasswordChangerParts

  constructor(parts: PasswordChangerParts) {
    this.#parts = parts
  }

  /**
   * @param account as it was before its password was asked for: whoever was let in by an older one changes nothing
   * @param password one that `NewPasswordReader` let through
   * @throws DatabaseUnavailable, HashingUnavailable, or the reason of `visitor.signal`
   */
  async change(
    account: Account,
    { token, session }: SignedIn,
    password: string,
    visitor: Visitor,
  ): Promise<ChangePasswordOutcome> {
    try {
      // Before the transaction: nobody waits for its locks while a password is hashed.
      const hash = await this.#parts.passwordHasher.hash(password, { signal: visitor.signal })
      if (!(await this.#store(account, session, hash, visitor))) return { kind: 'overtaken' }
      this.#parts.ownerLetters.tell(account, 'passwordChanged', visitor)
      // Whoever copied the cookie before is left behind too.
      return { kind: 'changed', token: await this.#parts.sessionKeeper.renewToken(token) }
    } catch (error) {
      if (error instanceof HashingBusy) return { kind: 'busy', retryAfterSeconds: error.retryAfterSeconds }
      throw error
    }
  }

  async #store(account: Account, session: Session, hash: string, visitor: Visitor): Promise<boolean> {
    const { database, sessionKeeper, now } = this.#parts
    const { id, passwordVersion } = account
    try {
      return await database.transaction(async (client) => {
        if (!(await new AccountStore(client).changePassword(id, hash, passwordVersion))) return false
        const at = now()
        await new ResetCodeStore(client).forget(id)
        await new SessionStore(client).endOthersOf(id, session.id, 'passwordChanged', at)
        await new SecurityEventStore(client).add([visitorEvent(id, 'passwordChanged', visitor, at)])
        return true
      })
    } finally {
      // Also when no answer came: it may have been done.
      sessionKeeper.forgetAccount(id)
    }
  }
}
