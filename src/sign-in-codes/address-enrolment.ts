import { AccountStore } from '../accounts/account-store.js'
import type { Queryable } from '../database/queryable.js'
import type { AddressClaim, ValidEmail } from '../email-codes/address-claim.js'
import type { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import { EmailCodeStore } from '../email-codes/email-code-store.js'
import type { RedeemOutcome } from '../email-codes/redeem-outcome.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { MailedSignInStore } from './mailed-sign-in-store.js'
import type { MailedSignIn } from './mailed-sign-in.js'
import type { SignInCodeSender } from './sign-in-code-sender.js'

export type AskAddressOutcome = { kind: 'asked' } | { kind: 'emailUnavailable' }

export type AddressEnrolmentParts = {
  mailedSignInStore: MailedSignInStore
  signInCodeSender: SignInCodeSender
  addressClaim: AddressClaim
  emailCodeKeeper: EmailCodeKeeper
  sessionKeeper: SessionKeeper
}

/**
 * Where everybody has to show a code: how an account without a confirmed address gets one, between the password and the
 * session. The code that confirms the address is the one that signs in.
 */
export class AddressEnrolment {
  readonly #parts: AddressEnrolmentParts

  constructor(parts: AddressEnrolmentParts) {
    this.#parts = parts
  }

  /** Has codes go to an address that was given, and mails the first, unless it is another account's. */
  async ask(mailed: MailedSignIn, wanted: ValidEmail, visitor: Visitor): Promise<AskAddressOutcome> {
    const { mailedSignInStore, signInCodeSender, addressClaim } = this.#parts
    const verdict = await addressClaim.judge(mailed.account.id, wanted)
    if (verdict.kind === 'emailUnavailable') return verdict
    const isToBeRead = verdict.kind === 'alreadyConfirmed' || verdict.isToBeRead
    const unsent = await signInCodeSender.send(mailed, wanted, visitor, isToBeRead)
    // The code from before counts on, and the page tells where that went.
    if (unsent?.kind !== 'tooManyCodes') await mailedSignInStore.setWanted(mailed.id, wanted)
    return { kind: 'asked' }
  }

  /** Uses up the code and gives the account its address, both or neither. */
  async redeem(
    { id, token, account, address }: MailedSignIn,
    code: string,
    visitor: Visitor,
  ): Promise<RedeemOutcome | { kind: 'emailUnavailable' }> {
    const { addressClaim, emailCodeKeeper, sessionKeeper } = this.#parts
    const bearer = { bearerId: id, bearerSecret: token, purpose: 'signIn' } as const
    let right: RedeemOutcome = { kind: 'expired' }
    const redeem = async (client: Queryable): Promise<RedeemOutcome> => {
      // It is locked: the password of the sign-in is still the current one, or nothing is done.
      const current = await new AccountStore(client).findById(account.id)
      if (current?.passwordVersion === account.passwordVersion)
        right = await emailCodeKeeper.redeem({ ...bearer, code }, new EmailCodeStore(client))
      return right
    }
    const outcome = await addressClaim.settle(account.id, address?.canonical ?? null, redeem, visitor)
    if (outcome.kind !== 'confirmed') return outcome
    sessionKeeper.forgetAccount(account.id)
    return right
  }
}
