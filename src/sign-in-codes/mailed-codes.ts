import type { Account } from '../accounts/account-store.js'
import { parseEmail } from '../accounts/parse-email.js'
import { secondsBetween } from '../attempts/seconds-between.js'
import type { ValidEmail } from '../email-codes/address-claim.js'
import type { EmailCodeStore } from '../email-codes/email-code-store.js'
import type { PendingSignIn } from '../second-factor/pending-sign-in.js'
import { stepPaths, type SecondStepMethod, type StepStanding } from '../second-factor/second-step-method.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { AddressEnrolment } from './address-enrolment.js'
import { describeMailedCode } from './describe-mailed-code.js'
import type { MailedSignInStore } from './mailed-sign-in-store.js'
import type { MailedSignIn } from './mailed-sign-in.js'
import type { SecondFactorStore } from './second-factor-store.js'
import type { SignInCodeSender } from './sign-in-code-sender.js'

const purpose = 'signIn'

/** The newest code of a sign-in. */
export type CodeState = {
  /** 0 when it no longer counts. */ secondsLeft: number
  expiresAt: Date
}

export type MailedCodesParts = {
  mailedSignInStore: MailedSignInStore
  secondFactorStore: SecondFactorStore
  signInCodeSender: SignInCodeSender
  addressEnrolment: AddressEnrolment
  emailCodeStore: EmailCodeStore
  /** Whether the code is asked of everybody, not only of who has turned it on. */
  isRequired: boolean
  now: () => Date
}

/** The code by mail as a second step: where it goes, when it is sent, and how long it counts. */
export class MailedCodes implements SecondStepMethod {
  readonly name = 'emailCode'
  readonly isSpare = false
  readonly #parts: MailedCodesParts

  constructor(parts: MailedCodesParts) {
    this.#parts = parts
  }

  /** See `SecondStepMethod`. Whoever has to show a code and has no address to send it to is asked for one. */
  async standingOf({ id, emailConfirmedAt }: Account): Promise<StepStanding> {
    const { secondFactorStore, isRequired } = this.#parts
    if (isRequired) return emailConfirmedAt === null ? 'incomplete' : 'demanded'
    if (emailConfirmedAt === null) return 'none'
    return (await secondFactorStore.find(id)) === null ? 'none' : 'chosen'
  }

  /** See `SecondStepMethod`. Mails the first code, if there is an address. */
  async begin(pending: PendingSignIn, visitor: Visitor): Promise<`/login/${string}`> {
    const { emailConfirmedAt, email } = pending.account
    const given = emailConfirmedAt === null ? toAddress(email) : null
    if (given === null) await this.sendAgain(pending, visitor)
    else await this.giveAddress(pending, given, visitor)
    const { address } = await this.look(pending)
    return address === null ? '/login/email' : stepPaths.emailCode
  }

  /** See `SecondStepMethod`. */
  async describe(pending: PendingSignIn) {
    const { now } = this.#parts
    return describeMailedCode(await this.look(pending), await this.findCode(pending), now())
  }

  /** What is known of the mail of a sign-in. */
  async look(pending: PendingSignIn): Promise<MailedSignIn> {
    const { wanted, unsent } = await this.#parts.mailedSignInStore.find(pending.id)
    const { email, emailConfirmedAt } = pending.account
    // A confirmed address is the only one that counts.
    const own = emailConfirmedAt === null ? null : toAddress(email)
    return { ...pending, unsent, address: own ?? wanted, isAddressConfirmed: own !== null }
  }

  /** @returns null when no code was sent yet */
  async findCode({ id }: PendingSignIn): Promise<CodeState | null> {
    const { emailCodeStore, now } = this.#parts
    const sent = await emailCodeStore.findNewest(id, purpose)
    if (sent === null) return null
    const counts = sent.triesLeft > 0 && sent.expiresAt > now()
    const secondsLeft = counts ? secondsBetween(now(), sent.expiresAt) : 0
    return { secondsLeft, expiresAt: sent.expiresAt }
  }

  /** Mails another code, which takes the place of the one before; none while there is no address. */
  async sendAgain(pending: PendingSignIn, visitor: Visitor): Promise<void> {
    const { signInCodeSender, mailedSignInStore } = this.#parts
    const mailed = await this.look(pending)
    const { address } = mailed
    if (address === null) return
    if (mailed.isAddressConfirmed) {
      await signInCodeSender.send(mailed, address, visitor)
      return
    }
    const { kind } = await this.giveAddress(pending, address, visitor)
    if (kind === 'emailUnavailable') await mailedSignInStore.setWanted(pending.id, null)
  }

  /** Has codes go to this address, for an account that has no confirmed one, and mails the first. */
  async giveAddress(
    pending: PendingSignIn,
    wanted: ValidEmail,
    visitor: Visitor,
  ): Promise<{ kind: 'asked' } | { kind: 'emailUnavailable' }> {
    return this.#parts.addressEnrolment.ask(await this.look(pending), wanted, visitor)
  }
}

function toAddress(email: string | null): ValidEmail | null {
  const parsed = parseEmail(email ?? '')
  return parsed.kind === 'valid' ? { email: parsed.email, canonical: parsed.canonical } : null
}
