import type { Account } from '../accounts/account-store.js'
import type { PendingSignIn } from '../second-factor/pending-sign-in.js'
import { stepPaths, type SecondStepMethod, type StepStanding } from '../second-factor/second-step-method.js'
import { readTypedCode } from '../second-factor/read-typed-code.js'
import type { Redeemed, TypedStep } from '../second-factor/shown-step.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { TellOwner } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { RecoveryCodeStore } from './recovery-code-store.js'
import { hashRecoveryCode } from './recovery-code.js'
import { wordRecoveryCodeRefusal } from './word-recovery-code-refusal.js'

/** Why a recovery code let nobody in. */
export type RecoveryCodeRefusal = { kind: 'unreadable' } | { kind: 'wrong' }

export type RecoveryCodeStepParts = {
  recoveryCodeStore: RecoveryCodeStore
  securityEventRecorder: SecurityEventRecorder
  tellOwner: TellOwner
  now: () => Date
}

/** What stands in for a phone or passkeys that are lost, as a second step. */
export class RecoveryCodeStep implements SecondStepMethod, TypedStep<RecoveryCodeRefusal> {
  readonly name = 'recoveryCode'
  readonly isSpare = true
  readonly read = readTypedCode
  readonly word = wordRecoveryCodeRefusal
  readonly #parts: RecoveryCodeStepParts

  constructor(parts: RecoveryCodeStepParts) {
    this.#parts = parts
  }

  /** See `SecondStepMethod`. */
  async standingOf({ id }: Account): Promise<StepStanding> {
    return (await this.#parts.recoveryCodeStore.count(id)) > 0 ? 'spare' : 'none'
  }

  /** See `SecondStepMethod`. */
  async begin() {
    return stepPaths[this.name]
  }

  /** See `SecondStepMethod`. */
  async describe() {
    return { next: this.name }
  }

  /** See `TypedStep`. */
  judge(typed: string): RecoveryCodeRefusal | null {
    return hashRecoveryCode(typed) === null ? { kind: 'unreadable' } : null
  }

  /** See `TypedStep`. The owner is told of each that is used. */
  async redeem(
    { account }: PendingSignIn,
    typed: string,
    visitor: Visitor,
  ): Promise<Redeemed<RecoveryCodeRefusal>> {
    const { recoveryCodeStore, securityEventRecorder, tellOwner, now } = this.#parts
    const hash = hashRecoveryCode(typed)
    if (hash === null || !(await recoveryCodeStore.useUp(account.id, hash)))
      return { kind: 'refused', refusal: { kind: 'wrong' }, isGuess: true }
    const news = 'recoveryCodeUsed'
    securityEventRecorder.note(visitorEvent(account.id, news, visitor, now()))
    tellOwner(account, news, visitor)
    return { kind: 'right' }
  }
}
