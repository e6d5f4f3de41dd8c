import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import type { AddressClaim, ValidEmail } from '../email-codes/address-claim.js'
import type { CodeBearer, EmailCodeKeeper, TooManyCodes } from '../email-codes/email-code-keeper.js'
import { emailCodeLetter } from '../email-codes/email-code-letter.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import type { RedeemOutcome } from '../email-codes/redeem-outcome.js'
import type { MailOutbox } from '../mail/mail-outbox.js'
import { removeEmail } from '../recovery/remove-email.js'
import type { SecurityEventKind } from '../security-events/security-event.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { OwnerLetters } from './owner-letters.js'

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
  addressClaim: AddressClaim
  emailCodeKeeper: EmailCodeKeeper
  emailCodeStore: EmailCodeStore
  mailOutbox: MailOutbox
  sessionKeeper: SessionKeeper
  ownerLetters: OwnerLetters
  serviceName: string
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
    const verdict = await this.#parts.addressClaim.judge(signedIn.session.accountId, wanted)
    return verdict.kind === 'open' ? this.#sendCode(signedIn, wanted, visitor, verdict) : verdict
  }

  /** The address that waits to be confirmed in this session; null when none does. */
  async findPending({ session }: SignedIn): Promise<ValidEmail | null> {
    return this.#parts.emailCodeStore.findNewest(session.id, purpose)
  }

  /** Makes the address the account's if this is the code that was sent there. */
  async confirm(signedIn: SignedIn, code: string, visitor: Visitor): Promise<ConfirmOutcome> {
    const { addressClaim, emailCodeKeeper, sessionKeeper, ownerLetters } = this.#parts
    const { accountId } = signedIn.session
    const pending = await this.findPending(signedIn)
    const redeem = async (client: Queryable): Promise<RedeemOutcome> =>
      (await lockForChange(signedIn, client)) === null
        ? { kind: 'expired' }
        : emailCodeKeeper.redeem({ ...nameBearer(signedIn), code }, new EmailCodeStore(client))
    const outcome = await addressClaim.settle(accountId, pending?.canonical ?? null, redeem, visitor)
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
      await removeEmail(accountId, client)
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

  async #note(client: Queryable, accountId: string, kind: SecurityEventKind, visitor: Visitor) {
    const event = visitorEvent(accountId, kind, visitor, this.#parts.now())
    await new SecurityEventStore(client).add([event])
  }
}

function nameBearer({ session, token }: SignedIn): CodeBearer {
  return { bearerId: session.id, bearerSecret: token, purpose }
}
