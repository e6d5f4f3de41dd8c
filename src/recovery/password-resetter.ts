import { AccountStore, type Account } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import type { MailOutbox } from '../mail/mail-outbox.js'
import { orBusy, type Busy } from '../secrets/or-busy.js'
import type { PasswordHasher } from '../secrets/password-hasher.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import { SessionStore } from '../sessions/session-store.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import { forgetWaysBack } from './forget-ways-back.js'
import { passwordResetLetter } from './password-reset-letter.js'
import { RecoveryStore, type Recovery } from './recovery-store.js'

export type ResetOutcome =
  | { kind: 'reset'; account: Account }
  /** Not proved, over, or overtaken by another change of the password. */
  | { kind: 'over' }
  | Busy

export type PasswordResetterParts = {
  database: Database
  accountStore: AccountStore
  sessionKeeper: SessionKeeper
  passwordHasher: PasswordHasher
  /** Null where mail reaches nobody. */
  mailOutbox: MailOutbox | null
  serviceName: string
  now: () => Date
}

/** Sets the new password at the end of a recovery, and shuts everybody out who came in by the old one. */
export class PasswordResetter {
  readonly #parts: PasswordResetterParts

  constructor(parts: PasswordResetterParts) {
    this.#parts = parts
  }

  /** @returns the account that a proved recovery opens; null when it is not proved, or the account is gone */
  async accountOf({ accountId, provedBy }: Recovery): Promise<Account | null> {
    return accountId === null || provedBy === null ? null : this.#parts.accountStore.findById(accountId)
  }

  /**
   * All or nothing, and of parallel resets of one account one.
   *
   * @param password one that `NewPasswordReader` let through
   * @throws DatabaseUnavailable, HashingUnavailable, or the reason of `visitor.signal`
   */
  async reset(recovery: Recovery, password: string, visitor: Visitor): Promise<ResetOutcome> {
    return orBusy(async () => {
      const { database, sessionKeeper, passwordHasher, now } = this.#parts
      const account = await this.accountOf(recovery)
      if (account === null || recovery.passwordVersion !== account.passwordVersion) return { kind: 'over' }
      // Not within the transaction: the queue for hashing may be long.
      const passwordHash = await passwordHasher.hash(password, { signal: visitor.signal })
      const isReset = await database.transaction((client) =>
        this.#replace(client, recovery, account, passwordHash, visitor, now()),
      )
      if (!isReset) return { kind: 'over' }
      sessionKeeper.forgetAccount(account.id)
      this.#tellOwner(account)
      return { kind: 'reset', account }
    })
  }

  /** The account first: that is what parallel resets wait for, and what all but one then find changed. */
  async #replace(
    client: Queryable,
    recovery: Recovery,
    { id, passwordVersion }: Account,
    passwordHash: string,
    visitor: Visitor,
    now: Date,
  ): Promise<boolean> {
    const accounts = new AccountStore(client)
    await accounts.findAndLock(id)
    if (!(await new RecoveryStore(client).useUp(recovery.id))) return false
    if (!(await accounts.changePassword(id, passwordHash, passwordVersion))) return false
    await new SessionStore(client).endAllOf(id, 'passwordReset', now)
    await forgetWaysBack(id, client, now, recovery.provedBy === 'email')
    await new SecurityEventStore(client).add([visitorEvent(id, 'passwordReset', visitor, now)])
    return true
  }

  /** In case it was somebody else. */
  #tellOwner({ username, email, emailConfirmedAt }: Account): void {
    const { mailOutbox, serviceName } = this.#parts
    if (email === null || emailConfirmedAt === null) return
    mailOutbox?.post(() => passwordResetLetter({ serviceName, username, to: email }))
  }
}
