import type { FastifyBaseLogger } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import type { Queryable } from '../database/queryable.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { TellOwner } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'

export type CopyAlarmParts = {
  database: Queryable
  accountStore: Pick<AccountStore, 'findById'>
  tellOwner: TellOwner
  log: Pick<FastifyBaseLogger, 'warn'>
  now: () => Date
}

/** Tells whom it concerns that a passkey may have been copied; its owner not without end, as it can be tried without end. */
export class CopyAlarm {
  readonly #parts: CopyAlarmParts

  constructor(parts: CopyAlarmParts) {
    this.#parts = parts
  }

  /** @throws DatabaseUnavailable */
  async raise(accountId: string, visitor: Visitor): Promise<void> {
    const { database, accountStore, tellOwner, log, now } = this.#parts
    log.warn({ accountId, clientAddress: visitor.clientAddress }, 'a passkey may have been copied')
    const event = visitorEvent(accountId, 'credentialCopied', visitor, now())
    if (!(await new SecurityEventStore(database).addRepeatable(event))) return
    const account = await accountStore.findById(accountId)
    if (account !== null) tellOwner(account, 'credentialCopied', visitor)
  }
}
