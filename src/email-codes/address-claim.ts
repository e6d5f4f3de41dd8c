import { AccountEmailStore } from '../accounts/account-email-store.js'
import { AccountStore, type Account } from '../accounts/account-store.js'
import type { WayBackChange } from '../accounts/way-back-change.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import type { SecurityEventKind } from '../security-events/security-event.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import { EmailCodeStore } from './email-code-store.js'
import type { RedeemOutcome } from './redeem-outcome.js'

export type ValidEmail = { email: string; canonical: string }

export type ClaimVerdict =
  | {
      kind: 'open'
      /** Whether the account has it already, to be confirmed. */ isHolder: boolean
      /** False where nobody may learn that it is taken: the code is made and counted, and sent to no one. */
      isToBeRead: boolean
    }
  | { kind: 'alreadyConfirmed' }
  | { kind: 'emailUnavailable' }

export type ClaimOutcome =
  | {
      kind: 'confirmed'
      /** The account before. */ before: Account
      /** Whether it had the address already, unconfirmed. */ isSame: boolean
    }
  | { kind: 'emailUnavailable' }
  | Exclude<RedeemOutcome, { kind: 'right' }>

export type AddressClaimParts = {
  database: Database
  accountStore: AccountStore
  wayBackChange: WayBackChange
  revealAccountExistence: boolean
  now: () => Date
}

/**
 * How an e-mail address becomes an account's: somebody has read a code there. Whoever gave an address and never confirmed
 * it may have made it up: it goes to whom the mail reaches. Sends no mail.
 */
export class AddressClaim {
  readonly #parts: AddressClaimParts

  constructor(parts: AddressClaimParts) {
    this.#parts = parts
  }

  /** Whether a code may be sent to an address that an account wants. */
  async judge(accountId: string, { canonical }: ValidEmail): Promise<ClaimVerdict> {
    const { accountStore, revealAccountExistence } = this.#parts
    const holder = await accountStore.find({ canonicalEmail: canonical })
    const isHolder = holder?.id === accountId
    if (holder === null || holder.emailConfirmedAt === null || (isHolder && !holder.isEmailWayBack))
      return { kind: 'open', isHolder, isToBeRead: true }
    if (isHolder) return { kind: 'alreadyConfirmed' }
    if (revealAccountExistence) return { kind: 'emailUnavailable' }
    return { kind: 'open', isHolder, isToBeRead: false }
  }

  /**
   * Makes an address the account's, and takes it from an account that has never confirmed it; of parallel tries with one
   * code one succeeds.
   *
   * @param canonical of the address that the code was sent to; null when none was
   * @param redeem uses the code up, in one transaction with what it allows: a fault in between leaves it to be used again
   */
  async settle(
    accountId: string,
    canonical: string | null,
    redeem: (client: Queryable) => Promise<RedeemOutcome>,
    visitor: Visitor,
  ): Promise<ClaimOutcome> {
    const { database, wayBackChange, now } = this.#parts
    const holderId = canonical === null ? null : await this.#findHolder(canonical)
    return database.transaction<ClaimOutcome>(async (client) => {
      const emails = new AccountEmailStore(client)
      await emails.lock(holderId === null ? [accountId] : [accountId, holderId])
      const before = await new AccountStore(client).findById(accountId)
      const redeemed = await redeem(client)
      if (redeemed.kind !== 'right') return redeemed
      if (before === null) return { kind: 'expired' }
      const holder = await new AccountStore(client).find({ canonicalEmail: redeemed.canonicalEmail })
      const isSame = holder?.id === accountId
      // Only one that is locked is taken from; of another that has come between there is no waiting.
      if (!isSame && holder?.id === holderId && holder?.emailConfirmedAt === null)
        await this.#takeFrom(holder.id, client)
      const wanted = { email: redeemed.email, canonical: redeemed.canonicalEmail }
      const { kind } = await emails.set(accountId, wanted, now())
      if (kind === 'emailUnavailable') return { kind: 'emailUnavailable' }
      // Also those that were sent to the old address to recover the account.
      await new EmailCodeStore(client).forgetAllOf(accountId)
      await wayBackChange(accountId, client)
      const news: SecurityEventKind = isSame ? 'emailConfirmed' : 'emailChanged'
      await new SecurityEventStore(client).add([visitorEvent(accountId, news, visitor, now())])
      return { kind: 'confirmed', before, isSame }
    })
  }

  /** Who holds the address without having confirmed it; null when nobody does. */
  async #findHolder(canonicalEmail: string): Promise<string | null> {
    const holder = await this.#parts.accountStore.find({ canonicalEmail })
    return holder?.emailConfirmedAt === null ? holder.id : null
  }

  /** Tells them that it is gone, and nothing of whom it went to. */
  async #takeFrom(accountId: string, client: Queryable): Promise<void> {
    await new AccountEmailStore(client).set(accountId, null, null)
    const nobody = { clientAddress: null, userAgent: null }
    await new SecurityEventStore(client).add([
      { accountId, kind: 'emailLost', at: this.#parts.now(), ...nobody },
    ])
  }
}
