import type { Account, AccountStore } from '../accounts/account-store.js'
import type { KnownDevices } from '../attempts/known-devices.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { FirstFactor } from '../sign-in/first-factor.js'
import type { ProvedPerson } from '../sign-in/session-starter.js'
import type { SignInGate } from '../sign-in/sign-in-gate.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { PendingSignInStore } from './pending-sign-in-store.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { StepChoice } from './step-choice.js'
import type { StepRefusalKind } from './step-refusal.js'
import type { RefusedStep, ShownStep } from './shown-step.js'

/** What came of a try; `person` may have a session. */
export type StepOutcome<Refusal> =
  | { kind: 'right'; person: ProvedPerson }
  | ({ kind: 'refused' } & RefusedStep<Refusal>)

export type SecondStepKeeperParts = {
  pendingSignInStore: PendingSignInStore
  stepChoice: StepChoice
  accountStore: AccountStore
  knownDevices: KnownDevices
  signInGate: SignInGate
  securityEventRecorder: SecurityEventRecorder
  /** Hears, when the second step was taken, what it confirms. */
  confirmFirstFactor: (firstFactor: FirstFactor) => Promise<void>
  validitySeconds: number
  trustSeconds: number
  now: () => Date
}

/**
 * The life of a sign-in between the right password and the session, whatever is shown there, and of a proof in a session
 * likewise. It starts no session, and knows neither pages nor what a method compares.
 */
export class SecondStepKeeper {
  readonly #parts: SecondStepKeeperParts

  constructor(parts: SecondStepKeeperParts) {
    this.#parts = parts
  }

  /** See `SecondStep`. */
  async isDue(account: Account, { deviceToken }: Pick<Visitor, 'deviceToken'>): Promise<boolean> {
    const { stepChoice, knownDevices, trustSeconds } = this.#parts
    const { methods, sparesTrusted } = await stepChoice.find(account)
    if (methods.length === 0) return false
    // Trust from before the setting was changed counts no more.
    if (!sparesTrusted || trustSeconds === 0) return true
    return !(await knownDevices.isTrusted(account, deviceToken))
  }

  /**
   * Begins one; its main method is still to be begun.
   *
   * @param account as it was when its password was checked
   * @param replacedToken what this browser held until now
   * @param sessionId in which they prove again who they are; null for who signs in
   * @returns null when the account, or the passkey that was shown, was removed since, the session has ended, or nothing is
   *   asked for any more
   * @throws DatabaseUnavailable
   */
  async begin(
    account: Account,
    replacedToken: string | null,
    sessionId: string | null,
    firstFactor: FirstFactor,
  ): Promise<PendingSignIn | null> {
    const { pendingSignInStore, validitySeconds, now } = this.#parts
    const token = createRandomToken()
    const expiresAt = new Date(now().getTime() + validitySeconds * 1000)
    const { id: accountId, passwordVersion } = account
    const begun = { token, accountId, passwordVersion, firstFactor, expiresAt, replacedToken, sessionId }
    const id = await pendingSignInStore.add(begun)
    return id === null ? null : this.#complete({ id, token, account, sessionId, firstFactor, expiresAt })
  }

  /**
   * @param sessionId of a proof; null for a sign-in
   * @returns null when it is over: also when the password was changed, the account removed, or all methods turned off since
   */
  async find(token: string | null, sessionId: string | null): Promise<PendingSignIn | null> {
    const { pendingSignInStore, accountStore, now } = this.#parts
    const stored = token === null ? null : await pendingSignInStore.find(token, sessionId, now())
    if (token === null || stored === null) return null
    const account = await accountStore.findById(stored.accountId)
    if (account?.passwordVersion !== stored.passwordVersion) return null
    const { id, expiresAt, firstFactor } = stored
    return this.#complete({ id, token, account, sessionId, firstFactor, expiresAt })
  }

  /**
   * Makes a try, counted with the failed passwords of the account before anything is compared: another method or a new
   * code brings no new tries, and what locks others out does not lock out the owner's own browsers.
   *
   * @param shown as it was
   * @param isTrustWanted whether this browser shall not be asked again for a while
   * @throws DatabaseUnavailable
   */
  async prove<Refusal extends { kind: StepRefusalKind }, Shown>(
    step: Pick<ShownStep<Refusal, Shown>, 'judge' | 'redeem'>,
    pending: PendingSignIn,
    shown: Shown,
    isTrustWanted: boolean,
    visitor: Visitor,
  ): Promise<StepOutcome<Refusal>> {
    const { account, firstFactor } = pending
    const unreadable = step.judge(shown)
    if (unreadable !== null) return refuse(unreadable)
    // Whoever knows the password is not asked for a captcha: codes are guessed no faster by a program.
    const admission = await this.#parts.signInGate.admit({
      account,
      typedName: account.username,
      ...visitor,
      isHuman: true,
    })
    if (admission.kind !== 'admitted') return refuse(admission)
    const { attempt } = admission
    const redeemed = await step.redeem(pending, shown, visitor)
    if (redeemed.kind === 'right') {
      const verdict = await attempt.succeed()
      if (verdict.kind !== 'welcome') return refuse(verdict)
      await this.#parts.confirmFirstFactor(firstFactor)
      const { deviceToken } = verdict
      if (isTrustWanted) await this.#trust(account, deviceToken)
      return { kind: 'right', person: { account, firstFactor, deviceToken } }
    }
    if (!redeemed.isGuess) {
      await attempt.withdraw()
      return refuse(redeemed.refusal)
    }
    const verdict = await attempt.fail()
    this.#noteFailure(pending, verdict.kind === 'locked', visitor)
    if (verdict.kind !== 'counted') return refuse(verdict)
    const { failures, limit, next, needsCaptcha } = verdict
    return { kind: 'refused', refusal: redeemed.refusal, count: { failures, limit, next, needsCaptcha } }
  }

  /** Forgets one that has come to its end. @returns false when that was done already */
  async finish({ id }: PendingSignIn): Promise<boolean> {
    return this.#parts.pendingSignInStore.remove(id)
  }

  async #complete(pending: Omit<PendingSignIn, 'methods'>): Promise<PendingSignIn | null> {
    const { methods } = await this.#parts.stepChoice.find(pending.account)
    const [main, ...others] = methods.filter(({ name }) => name !== pending.firstFactor.kind)
    return main === undefined ? null : { ...pending, methods: [main, ...others] }
  }

  async #trust(account: Account, deviceToken: string): Promise<void> {
    const { knownDevices, trustSeconds } = this.#parts
    if (trustSeconds > 0) await knownDevices.trust(account, deviceToken, trustSeconds)
  }

  #noteFailure({ account, firstFactor }: PendingSignIn, isLocked: boolean, visitor: Visitor): void {
    const { securityEventRecorder, now } = this.#parts
    const wrong = visitorEvent(account.id, 'signInCodeWrong', visitor, now(), firstFactor.kind)
    securityEventRecorder.note(wrong)
    if (isLocked) securityEventRecorder.note(visitorEvent(account.id, 'accountLocked', visitor, now()))
  }
}

function refuse<Refusal>(refusal: RefusedStep<Refusal>['refusal']): StepOutcome<Refusal> {
  return { kind: 'refused', refusal, count: null }
}
