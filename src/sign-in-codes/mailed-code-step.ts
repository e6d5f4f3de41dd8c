import type { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import type { RedeemOutcome } from '../email-codes/redeem-outcome.js'
import type { PendingSignIn } from '../second-factor/pending-sign-in.js'
import { readTypedCode } from '../second-factor/read-typed-code.js'
import type { Redeemed, TypedStep } from '../second-factor/shown-step.js'
import { parseDigits } from '../secrets/parse-digits.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { AddressEnrolment } from './address-enrolment.js'
import type { MailedCodes } from './mailed-codes.js'
import { wordCodeRefusal } from './word-code-refusal.js'

/** Why a mailed code let nobody in. */
export type MailedCodeRefusal = Exclude<RedeemOutcome, { kind: 'right' }> | { kind: 'emailUnavailable' }

export type MailedCodeStepParts = {
  mailedCodes: MailedCodes
  addressEnrolment: AddressEnrolment
  emailCodeKeeper: EmailCodeKeeper
  codeDigits: number
}

/** The newest mailed code, typed in. */
export class MailedCodeStep implements TypedStep<MailedCodeRefusal> {
  readonly name = 'emailCode'
  readonly read = readTypedCode
  readonly word = wordCodeRefusal
  readonly #parts: MailedCodeStepParts

  constructor(parts: MailedCodeStepParts) {
    this.#parts = parts
  }

  /** See `TypedStep`. */
  judge(typed: string): MailedCodeRefusal | null {
    const digits = this.#parts.codeDigits
    return parseDigits(typed, digits) === null ? { kind: 'unreadable', digits } : null
  }

  /** See `TypedStep`. */
  async redeem(
    pending: PendingSignIn,
    typed: string,
    visitor: Visitor,
  ): Promise<Redeemed<MailedCodeRefusal>> {
    const { mailedCodes, addressEnrolment, emailCodeKeeper } = this.#parts
    const mailed = await mailedCodes.look(pending)
    const { id: bearerId, token: bearerSecret } = pending
    const outcome = mailed.isAddressConfirmed
      ? await emailCodeKeeper.redeem({ bearerId, bearerSecret, purpose: 'signIn', code: typed })
      : await addressEnrolment.redeem(mailed, typed, visitor)
    if (outcome.kind === 'right') {
      // Mailed to an address that was changed at this very moment: whoever reads mail there is not asked.
      if (mailed.isAddressConfirmed && outcome.canonicalEmail !== mailed.address?.canonical)
        return { kind: 'refused', refusal: { kind: 'expired' }, isGuess: false }
      return { kind: 'right' }
    }
    return { kind: 'refused', refusal: outcome, isGuess: outcome.kind === 'wrong' }
  }
}
