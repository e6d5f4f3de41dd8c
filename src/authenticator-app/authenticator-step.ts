import type { Account } from '../accounts/account-store.js'
import type { PendingSignIn } from '../second-factor/pending-sign-in.js'
import { stepPaths, type SecondStepMethod, type StepStanding } from '../second-factor/second-step-method.js'
import { readTypedCode } from '../second-factor/read-typed-code.js'
import type { Redeemed, TypedStep } from '../second-factor/shown-step.js'
import { parseDigits } from '../secrets/parse-digits.js'
import type { AppSecrets } from './app-secrets.js'
import type { AuthenticatorAppStore } from './authenticator-app-store.js'
import { codeDigits, findStep } from './totp.js'
import { wordAppCodeRefusal } from './word-app-code-refusal.js'

/** Why a code of the app let nobody in. */
export type AppCodeRefusal = { kind: 'unreadable' } | { kind: 'wrong' } | { kind: 'used' }

export type AuthenticatorStepParts = {
  authenticatorAppStore: AuthenticatorAppStore
  appSecrets: AppSecrets
  now: () => Date
}

/** The code that an authenticator app shows, as a second step. */
export class AuthenticatorStep implements SecondStepMethod, TypedStep<AppCodeRefusal> {
  readonly name = 'authenticatorCode'
  readonly isSpare = false
  readonly read = readTypedCode
  readonly word = wordAppCodeRefusal
  readonly #parts: AuthenticatorStepParts

  constructor(parts: AuthenticatorStepParts) {
    this.#parts = parts
  }

  /** See `SecondStepMethod`. */
  async standingOf({ id }: Account): Promise<StepStanding> {
    return (await this.#parts.authenticatorAppStore.find(id)) === null ? 'none' : 'chosen'
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
  judge(typed: string): AppCodeRefusal | null {
    return parseDigits(typed, codeDigits) === null ? { kind: 'unreadable' } : null
  }

  /** See `TypedStep`. A code that was accepted before is right once more in vain, and no guess. */
  async redeem({ account }: PendingSignIn, typed: string): Promise<Redeemed<AppCodeRefusal>> {
    const { authenticatorAppStore, appSecrets, now } = this.#parts
    const app = await authenticatorAppStore.find(account.id)
    const secret = app === null ? null : appSecrets.open(app.secret, account.id)
    const code = parseDigits(typed, codeDigits) ?? ''
    const step = secret === null ? null : findStep(secret, code, now())
    if (app === null || step === null) return { kind: 'refused', refusal: { kind: 'wrong' }, isGuess: true }
    return (await authenticatorAppStore.useStep(account.id, app.secret, step))
      ? { kind: 'right' }
      : { kind: 'refused', refusal: { kind: 'used' }, isGuess: false }
  }
}
