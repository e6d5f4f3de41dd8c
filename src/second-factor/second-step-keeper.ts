import type { Account, AccountStore } from '../accounts/account-store.js'
import { parseEmail } from '../accounts/parse-email.js'
import type { KnownDevices } from '../attempts/known-devices.js'
import { secondsBetween } from '../attempts/seconds-between.js'
import type { ValidEmail } from '../email-codes/address-claim.js'
import type { EmailCodeKeeper } from '../email-codes/email-code-keeper.js'
import type { EmailCodeStore } from '../email-codes/email-code-store.js'
import { parseEmailCode } from '../email-codes/parse-email-code.js'
import type { RedeemOutcome } from '../email-codes/redeem-outcome.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { ProvedPerson } from '../sign-in/session-starter.js'
import type { SignInGate, SignInRefusal } from '../sign-in/sign-in-gate.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { AddressEnrolment } from './address-enrolment.js'
import type { PendingSignInStore } from './pending-sign-in-store.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { SecondFactorStore } from './second-factor-store.js'
import type { SignInCodeSender } from './sign-in-code-sender.js'

const purpose = 'signIn'

export type CodeOutcome =
  | { kind: 'right'; person: ProvedPerson }
  | Exclude<RedeemOutcome, { kind: 'right' }>
  /** Another account has confirmed the address meanwhile. */
  | { kind: 'emailUnavailable' }
  | SignInRefusal

/** The newest code of a sign-in. */
export type CodeState = {
  /** 0 when it no longer counts. */ secondsLeft: number
  expiresAt: Date
}

export type SecondStepKeeperParts = {
  pendingSignInStore: PendingSignInStore
  secondFactorStore: SecondFactorStore
  signInCodeSender: SignInCodeSender
  addressEnrolment: AddressEnrolment
  accountStore: AccountStore
  emailCodeKeeper: EmailCodeKeeper
  emailCodeStore: EmailCodeStore
  knownDevices: KnownDevices
  signInGate: SignInGate
  securityEventRecorder: SecurityEventRecorder
  emailOtp: 'off' | 'optional' | 'required'
  validitySeconds: number
  trustSeconds: number
  codeDigits: number
  now: () => Date
}

/** The life of a sign-in between the right password and the right code. It starts no session, and knows no pages. */
export class SecondStepKeeper {
  readonly #parts: SecondStepKeeperParts

  constructor(parts: SecondStepKeeperParts) {
    this.#parts = parts
  }

  /** See `SecondStep`. */
  async isDue(account: Account, { deviceToken }: Visitor): Promise<boolean> {
    const { emailOtp, secondFactorStore, knownDevices } = this.#parts
    const isRequired = emailOtp === 'required'
    // Where everybody has to show a code, whoever has no address to send it to is asked for one.
    if (account.emailConfirmedAt === null) return isRequired
    if (!isRequired && (emailOtp === 'off' || (await secondFactorStore.find(account.id)) === null))
      return false
    return !(await knownDevices.isTrusted(account, deviceToken))
  }

  /**
   * Begins one, and mails its first code.
   *
   * @param account as it was when its password was checked
   * @param replacedToken what this browser held until now
   * @returns null when the account was removed since
   * @throws DatabaseUnavailable
   */
  async begin(
    account: Account,
    visitor: Visitor,
    replacedToken: string | null,
  ): Promise<PendingSignIn | null> {
    const { pendingSignInStore, validitySeconds, now } = this.#parts
    const token = createRandomToken()
    const expiresAt = new Date(now().getTime() + validitySeconds * 1000)
    const wanted = account.emailConfirmedAt === null ? toAddress(account.email) : null
    const { id: accountId, passwordVersion } = account
    const row = { token, accountId, passwordVersion, expiresAt, wanted, replacedToken }
    const id = await pendingSignInStore.add(row)
    if (id === null) return null
    const pending = { id, token, account, expiresAt, unsent: null, ...chooseAddress(account, wanted) }
    return pending.address === null ? pending : this.sendAgain(pending, visitor)
  }

  /** @returns null when it is over, or the password was changed or the account removed since */
  async find(token: string | null): Promise<PendingSignIn | null> {
    const { pendingSignInStore, accountStore, emailOtp, now } = this.#parts
    const stored = token === null ? null : await pendingSignInStore.find(token, now())
    if (token === null || stored === null) return null
    const account = await accountStore.findById(stored.accountId)
    if (account?.passwordVersion !== stored.passwordVersion) return null
    // The owner has removed the address since: the password alone is enough, or another sign-in is.
    if (account.emailConfirmedAt === null && emailOtp !== 'required') return null
    const { id, expiresAt, unsent, wanted } = stored
    return { id, token, account, expiresAt, unsent, ...chooseAddress(account, wanted) }
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
  async sendAgain(pending: PendingSignIn, visitor: Visitor): Promise<PendingSignIn> {
    const { address, isAddressConfirmed } = pending
    if (address === null) return pending
    if (!isAddressConfirmed) {
      const outcome = await this.giveAddress(pending, address, visitor)
      return outcome.kind === 'asked' ? outcome.pending : { ...pending, address: null }
    }
    return { ...pending, unsent: await this.#parts.signInCodeSender.send(pending, address, visitor) }
  }

  /** Has codes go to this address, for an account that has no confirmed one, and mails the first. */
  async giveAddress(
    pending: PendingSignIn,
    wanted: ValidEmail,
    visitor: Visitor,
  ): Promise<{ kind: 'asked'; pending: PendingSignIn } | { kind: 'emailUnavailable' }> {
    const outcome = await this.#parts.addressEnrolment.ask(pending, wanted, visitor)
    if (outcome.kind !== 'asked') return outcome
    return { kind: 'asked', pending: { ...pending, address: wanted, unsent: outcome.unsent } }
  }

  /**
   * Makes a try at the newest code, counted with the failed passwords of the account before it is looked at: new codes
   * bring no new tries, and what locks others out does not lock out the owner's own browsers.
   *
   * @param typed as it was
   * @param isTrustWanted whether this browser shall not be asked again for a while
   * @throws DatabaseUnavailable
   */
  async prove(
    pending: PendingSignIn,
    typed: string,
    isTrustWanted: boolean,
    visitor: Visitor,
  ): Promise<CodeOutcome> {
    const { signInGate, codeDigits } = this.#parts
    const { account } = pending
    if (parseEmailCode(typed, codeDigits) === null) return { kind: 'unreadable', digits: codeDigits }
    // Whoever knows the password is not asked for a captcha: codes are guessed no faster by a program.
    const admission = await signInGate.admit({
      account,
      typedName: account.username,
      ...visitor,
      isHuman: true,
    })
    if (admission.kind !== 'admitted') return admission
    const { attempt } = admission
    const redeemed = await this.#redeem(pending, typed, visitor)
    switch (redeemed.kind) {
      case 'right': {
        const verdict = await attempt.succeed()
        if (verdict.kind !== 'welcome') return verdict
        const { deviceToken } = verdict
        if (isTrustWanted) await this.#trust(account, deviceToken)
        return { kind: 'right', person: { account, deviceToken } }
      }
      case 'wrong': {
        const verdict = await attempt.fail()
        this.#noteFailure(account, verdict.kind === 'locked', visitor)
        return verdict.kind === 'counted' ? redeemed : verdict
      }
      // Nothing was compared, so nothing was guessed.
      case 'expired':
      case 'unreadable':
      case 'emailUnavailable':
        await attempt.withdraw()
        return redeemed
    }
  }

  /** Forgets one that has led to a session. */
  async finish({ id }: PendingSignIn): Promise<void> {
    await this.#parts.pendingSignInStore.remove(id)
  }

  #redeem(pending: PendingSignIn, code: string, visitor: Visitor) {
    const { emailCodeKeeper, addressEnrolment } = this.#parts
    if (!pending.isAddressConfirmed) return addressEnrolment.redeem(pending, code, visitor)
    return emailCodeKeeper.redeem({ bearerId: pending.id, bearerSecret: pending.token, purpose, code })
  }

  async #trust(account: Account, deviceToken: string): Promise<void> {
    const { knownDevices, trustSeconds } = this.#parts
    if (trustSeconds > 0) await knownDevices.trust(account, deviceToken, trustSeconds)
  }

  #noteFailure(account: Account, isLocked: boolean, visitor: Visitor): void {
    const { securityEventRecorder, now } = this.#parts
    securityEventRecorder.note(visitorEvent(account.id, 'signInCodeWrong', visitor, now()))
    if (isLocked) securityEventRecorder.note(visitorEvent(account.id, 'accountLocked', visitor, now()))
  }
}

/** A confirmed address is the only one that counts. */
function chooseAddress({ email, emailConfirmedAt }: Account, wanted: ValidEmail | null) {
  const own = emailConfirmedAt === null ? null : toAddress(email)
  return { address: own ?? wanted, isAddressConfirmed: own !== null }
}

function toAddress(email: string | null): ValidEmail | null {
  const parsed = parseEmail(email ?? '')
  return parsed.kind === 'valid' ? { email: parsed.email, canonical: parsed.canonical } : null
}
