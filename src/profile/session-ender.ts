import { AccountStore } from '../accounts/account-store.js'
import { KnownDeviceStore } from '../attempts/known-device-store.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import { SessionStore } from '../sessions/session-store.js'
import type { Session } from '../sessions/session-store.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'

export type SessionEnderParts = { database: Database; sessionKeeper: SessionKeeper; now: () => Date }

/** Lets people sign out their other browsers from this one. */
export class SessionEnder {
  readonly #parts: SessionEnderParts

  constructor(parts: SessionEnderParts) {
    this.#parts = parts
  }

  /**
   * Ends one; no browser is trusted any more, as nobody knows which of them was that of the session.
   *
   * @param id of another session of the same account
   * @returns false when there is none such
   */
  async endOne({ accountId, id: ownId }: Session, id: string, visitor: Visitor): Promise<boolean> {
    if (id === ownId) return false
    return this.#change(accountId, async (client, at) => {
      if (!(await new SessionStore(client).endOne(accountId, id, 'endedByOwner', at))) return false
      await new KnownDeviceStore(client).distrustAllOf(accountId)
      await new SecurityEventStore(client).add([visitorEvent(accountId, 'sessionEnded', visitor, at)])
      return true
    })
  }

  /** Ends every other session of the account; no browser is trusted any more. */
  async endOthers({ accountId, id }: Session, visitor: Visitor): Promise<void> {
    await this.#change(accountId, async (client, at) => {
      await new KnownDeviceStore(client).distrustAllOf(accountId)
      const ended = await new SessionStore(client).endOthersOf(accountId, id, 'endedByOwner', at)
      if (ended === 0) return
      await new SecurityEventStore(client).add([visitorEvent(accountId, 'otherSessionsEnded', visitor, at)])
    })
  }

  async #change<Result>(
    accountId: string,
    change: (client: Queryable, at: Date) => Promise<Result>,
  ): Promise<Result> {
    const { database, sessionKeeper, now } = this.#parts
    try {
      return await database.transaction(async (client) => {
        await new AccountStore(client).findAndLock(accountId)
        return change(client, now())
      })
    } finally {
      // Also when no answer came: it may have been done.
      sessionKeeper.forgetAccount(accountId)
    }
  }
}
