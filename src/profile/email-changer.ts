import { AccountEmailStore } from '../accounts/account-email-store.js'
import { AccountStore } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import type { CodeBearer, EmailCodeKeeper, TooManyCodes } from '../email-codes/email-code-keeper.js'
import { emailCodeLetter } from '../email-codes/email-code-letter.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import type { RedeemOutcome } from '../email-codes/redeem-outcome.js'
import type { MailOutbox } from '../mail/mail-outbox.js'
import { endRecoveries } from '../recovery/end-recoveries.js'
import type { SecurityEventKind } from '../security-events/security-event.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { OwnerLetters } from './owner-letters.js'

export type ValidEmail = { email: string; canonical: string }

export type AskOutcome =
  | { kind: 'sent' }
  | { kind: 'alreadyConfirmed' }
  | { kind: 'emailUnavailable' }
  | TooManyCodes

export type ConfirmOutcome =
  | { kind: 'confirmed' }
  | { kind: 'emailUnavailable' }
  | Exclude<RedeemOutcome, { kind: 'right' }>

export type EmailChangerParts = {
  database: Database
  accountStore: AccountStore
  emailCodeKeeper: EmailCodeKeeper
  emailCodeStore: EmailCodeStore
  mailOutbox: MailOutbox
  sessionKeeper: SessionKeeper
  ownerLetters: OwnerLetters
  serviceName: string
  revealAccountExistence: boolean
  now: () => Date
}

const purpose = 'confirmEmail'

/**
 * How an account gets another e-mail address: it is the account's once somebody has read a code there. Knows no forms;
 * that the password was asked for is up to its callers.
 */
export class EmailChanger {
  readonly #parts: EmailChangerParts

  constructor(parts: EmailChangerParts) {
    this.#parts = parts
  }

  /** Has a code mailed to an address that is to be the account's, unless it is already. */
  async ask(signedIn: SignedIn, wanted: ValidEmail, visitor: Visitor): Promise<AskOutcome> {
    const { accountStore, revealAccountExistence } = this.#parts
    const holder = await accountStore.find({ canonicalEmail: wanted.canonical })
    // Whoever gave an address and never confirmed it may have made it up: it goes to whom the mail reaches.
    const isHolder = holder?.id === signedIn.session.accountId
    if (holder === null || holder.emailConfirmedAt === null || (isHolder && !holder.isEmailWayBack))
      return this.#sendCode(signedIn, wanted, visitor, { isHolder, isToBeRead: true })
    if (isHolder) return { kind: 'alreadyConfirmed' }
    if (revealAccountExistence) return { kind: 'emailUnavailable' }
    // The code is made and counted as always, so that limits tell nothing either; nobody is ever sent it.
    return this.#sendCode(signedIn, wanted, visitor, { isHolder, isToBeRead: false })
  }

  /** The address that waits to be confirmed in this session; null when none does. */
  async findPending({ session }: SignedIn): Promise<ValidEmail | null> {
    return this.#parts.emailCodeStore.findNewest(session.id, purpose)
  }

  /**
   * Makes the address the account's if this is the code that was sent there, and takes it from an account that has never
   * confirmed it; of parallel tries with one code one succeeds.
   */
  async confirm(signedIn: SignedIn, code: string, visitor: Visitor): Promise<ConfirmOutcome> {
    const { database, emailCodeKeeper, sessionKeeper, ownerLetters, now } = this.#parts
    const { accountId } = signedIn.session
    const holderId = await this.#findHolder(signedIn)
    const outcome = await database.transaction(async (client) => {
      const emails = new AccountEmailStore(client)
      await emails.lock(holderId === null ? [accountId] : [accountId, holderId])
      const before = await lockForChange(signedIn, client)
      if (before === null) return { kind: 'expired' as const }
      // In one transaction with what the code allows: a fault in between leaves the code to be used again.
      const codes = new EmailCodeStore(client)
      const redeemed = await emailCodeKeeper.redeem({ ...nameBearer(signedIn), code }, codes)
      if (redeemed.kind !== 'right') return redeemed
      const holder = await new AccountStore(client).find({ canonicalEmail: redeemed.canonicalEmail })
      const wanted = { email: redeemed.email, canonical: redeemed.canonicalEmail }
      const isSame = holder?.id === accountId
      // Only one that is locked is taken from; of another that has come between there is no waiting.
      if (!isSame && holder?.id === holderId && holder?.emailConfirmedAt === null)
        await this.#takeFrom(holder.id, client)
      const { kind } = await emails.set(accountId, wanted, now())
      if (kind === 'emailUnavailable') return { kind: 'emailUnavailable' as const }
      // Also those that were sent to the old address to recover the account.
      await codes.forgetAllOf(accountId)
      await endRecoveries(accountId, client)
      await this.#note(client, accountId, isSame ? 'emailConfirmed' : 'emailChanged', visitor)
      return { kind: 'confirmed' as const, before, isSame }
    })
    if (outcome.kind !== 'confirmed') return outcome
    sessionKeeper.forgetAccount(accountId)
    if (!outcome.isSame) ownerLetters.tell(outcome.before, 'emailChanged', visitor)
    return { kind: 'confirmed' }
  }

  /** Takes the address away from the account, confirmed or not. */
  async remove(signedIn: SignedIn, visitor: Visitor): Promise<void> {
    const { database, sessionKeeper, ownerLetters } = this.#parts
    const { accountId } = signedIn.session
    const before = await database.transaction(async (client) => {
      const found = await lockForChange(signedIn, client)
      if (found === null || found.email === null) return null
      await new AccountEmailStore(client).set(accountId, null, null)
      await new EmailCodeStore(client).forgetAllOf(accountId)
      await endRecoveries(accountId, client)
      await this.#note(client, accountId, 'emailRemoved', visitor)
      return found
    })
    if (before === null) return
    sessionKeeper.forgetAccount(accountId)
    ownerLetters.tell(before, 'emailRemoved', visitor)
  }

  async #sendCode(
    signedIn: SignedIn,
    { email, canonical }: ValidEmail,
    { clientAddress }: Visitor,
    { isHolder, isToBeRead }: { isHolder: boolean; isToBeRead: boolean },
  ): Promise<{ kind: 'sent' } | TooManyCodes> {
    const { emailCodeKeeper, mailOutbox, serviceName } = this.#parts
    const { accountId } = signedIn.session
    const refusal = await emailCodeKeeper.admit(purpose, clientAddress)
    if (refusal !== null) return refusal
    const issued = await emailCodeKeeper.issue({
      ...nameBearer(signedIn),
      accountId,
      email,
      canonicalEmail: canonical,
      // Not for known browsers, of which each throw-away account has its own.
      insider: isHolder ? `account ${accountId}` : null,
    })
    if (issued.kind === 'tooMany') return issued
    const { code, validitySeconds } = issued
    if (isToBeRead)
      mailOutbox.post(() => emailCodeLetter({ serviceName, to: email, purpose, code, validitySeconds }))
    return { kind: 'sent' }
  }

  /** Who holds the address that this session wants, without having confirmed it; null when nobody does. */
  async #findHolder(signedIn: SignedIn): Promise<string | null> {
    const pending = await this.findPending(signedIn)
    if (pending === null) return null
    const holder = await this.#parts.accountStore.find({ canonicalEmail: pending.canonical })
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

  async #note(client: Queryable, accountId: string, kind: SecurityEventKind, visitor: Visitor) {
    const event = visitorEvent(accountId, kind, visitor, this.#parts.now())
    await new SecurityEventStore(client).add([event])
  }
}

function nameBearer({ session, token }: SignedIn): CodeBearer {
  return { bearerId: session.id, bearerSecret: token, purpose }
}
