import type { Account } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import type { PendingSignIn } from '../second-factor/pending-sign-in.js'
import { stepPaths, type SecondStepMethod, type StepStanding } from '../second-factor/second-step-method.js'
import { readTypedCode } from '../second-factor/read-typed-code.js'
import type { Redeemed, TypedStep } from '../second-factor/shown-step.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { TellOwner } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import { UsedOnceStore } from '../used-once/used-once-store.js'
import { RecoveryCodeStore } from './recovery-code-store.js'
import { hashRecoveryCode } from './recovery-code.js'
import { wordRecoveryCodeRefusal } from './word-recovery-code-refusal.js'

/** Why a recovery code let nobody in. */
export type RecoveryCodeRefusal = { kind: 'unreadable' } | { kind: 'wrong' } | { kind: 'used' }

/** As what codes are used up: see `UsedOnceStore`. */
const oncePurpose = 'recovery code'

export type RecoveryCodeStepParts = {
  database: Database
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
    return (await new RecoveryCodeStore(this.#parts.database).count(id)) > 0 ? 'spare' : 'none'
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

  /**
   * See `TypedStep`. The owner is told of each that is used. One that was used a moment ago, as by a form that is sent twice,
   * is right once more in vain, and no guess.
   */
  async redeem(
    { account, expiresAt }: PendingSignIn,
    typed: string,
    visitor: Visitor,
  ): Promise<Redeemed<RecoveryCodeRefusal>> {
    const { securityEventRecorder, tellOwner, now } = this.#parts
    const hash = hashRecoveryCode(typed)
    const kind = hash === null ? 'wrong' : await this.#useUp(account.id, hash, expiresAt)
    if (kind !== 'right') return { kind: 'refused', refusal: { kind }, isGuess: kind === 'wrong' }
    const news = 'recoveryCodeUsed'
    securityEventRecorder.note(visitorEvent(account.id, news, visitor, now()))
    tellOwner(account, news, visitor)
    return { kind }
  }

  /** In one transaction: whoever is second waits for the first, and then finds what that one has noted. */
  #useUp(accountId: string, hash: Buffer, expiresAt: Date): Promise<'right' | 'used' | 'wrong'> {
    const what = `${accountId} ${hash.toString('hex')}`
    return this.#parts.database.transaction(async (client) => {
      const usedOnceStore = new UsedOnceStore(client)
      if (!(await new RecoveryCodeStore(client).useUp(accountId, hash)))
        return (await usedOnceStore.has(oncePurpose, what)) ? 'used' : 'wrong'
      await usedOnceStore.use(oncePurpose, what, expiresAt)
      return 'right'
    })
  }
}
