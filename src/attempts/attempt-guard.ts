import type { Account } from '../accounts/account-store.js'
import type { NextFailure } from '../sign-in/failure-count.js'
import type { Admission, Attempt, CaptchaNeeded, SignInGate, SignInRefusal } from '../sign-in/sign-in-gate.js'
import type { AddressLimit } from './address-limit.js'
import { addressNetwork } from './address-network.js'
import type { AttemptLimits, FailedAttemptStore, Subject } from './failed-attempt-store.js'
import { hashName } from './hash-name.js'
import type { KnownDevices } from './known-devices.js'
import { secondsBetween } from './seconds-between.js'

export type AttemptGuardParts = {
  failedAttemptStore: FailedAttemptStore
  addressLimit: AddressLimit
  knownDevices: KnownDevices
  limits: Omit<AttemptLimits, 'failuresBeforeCaptcha'> & { failuresBeforeLock: number }
  /** So many failures of a subject or from an address; after them a captcha is wanted. Null: none is. */
  failuresBeforeCaptcha: number | null
  now: () => Date
}

/**
 * Stops guessing without stopping the owner: failures of strangers share one count per account, each browser that the
 * account has signed in on has its own, and names that nobody has are counted like all others. Knows no passwords.
 */
export class AttemptGuard implements SignInGate {
  readonly #parts: AttemptGuardParts

  constructor(parts: AttemptGuardParts) {
    this.#parts = parts
  }

  /** See `SignInGate`. */
  admit(attempt: Attempt & { isHuman: true }): Promise<Admission | SignInRefusal>
  admit(attempt: Attempt): Promise<Admission | SignInRefusal | CaptchaNeeded>
  async admit(attempt: Attempt): Promise<Admission | SignInRefusal | CaptchaNeeded> {
    const { failedAttemptStore, addressLimit, knownDevices, now } = this.#parts
    const limits = this.#limitsFor(attempt)
    const address = addressNetwork(attempt.clientAddress)
    const deviceId = await knownDevices.find(attempt.account?.id ?? null, attempt.deviceToken)
    // Behind a proxy that is not trusted yet all people share one address; strangers there must not lock out known devices.
    const bar = deviceId === null ? addressLimit.barOf(address, limits.failuresBeforeCaptcha) : null
    const subject = nameSubject(attempt, deviceId)
    const counted = await failedAttemptStore.count(subject, now(), limits, bar)
    if (counted === null) {
      const refusal = bar === null ? null : await addressLimit.refuse(address)
      return refusal ?? this.#explain(subject.key, limits.failuresBeforeCaptcha !== undefined)
    }
    const { number, series } = counted
    return {
      kind: 'admitted',
      attempt: {
        succeed: async () => this.#succeed(attempt, subject.key, number),
        fail: async () => {
          const fromAddress = deviceId === null ? await addressLimit.count(address) : 0
          return this.#fail(number, fromAddress)
        },
        withdraw: async () => failedAttemptStore.takeBack(subject.key, series, limits),
      },
    }
  }

  /** See `SignInGate`. */
  async remember(account: Account, deviceToken: string | null): Promise<string> {
    return this.#parts.knownDevices.remember(account.id, deviceToken)
  }

  async #succeed({ account, deviceToken }: Attempt, key: string, number: number) {
    if (account === null) throw new Error('nobody cannot succeed')
    if (!(await this.#parts.failedAttemptStore.forget(key, number))) return { kind: 'locked' as const }
    return { kind: 'welcome' as const, deviceToken: await this.remember(account, deviceToken) }
  }

  #fail(number: number, fromAddress: number) {
    const { limits, failuresBeforeCaptcha } = this.#parts
    if (number >= limits.failuresBeforeLock) return { kind: 'locked' as const }
    if (number === limits.failuresBeforeCooldown)
      return { kind: 'coolingDown' as const, retryAfterSeconds: limits.cooldownSeconds }
    return {
      kind: 'counted' as const,
      failures: number,
      limit: limits.failuresBeforeLock,
      next: this.#foresee(number + 1),
      needsCaptcha: failuresBeforeCaptcha !== null && Math.max(number, fromAddress) >= failuresBeforeCaptcha,
    }
  }

  #foresee(number: number): NextFailure {
    const { failuresBeforeLock, failuresBeforeCooldown, cooldownSeconds } = this.#parts.limits
    if (number >= failuresBeforeLock) return { kind: 'lock' }
    if (number === failuresBeforeCooldown) return { kind: 'cooldown', cooldownSeconds }
    const isAhead = number < failuresBeforeCooldown
    const cooldown = { failures: failuresBeforeCooldown, seconds: cooldownSeconds }
    return { kind: 'count', cooldown: isAhead ? cooldown : null }
  }

  #limitsFor({ isHuman = false }: Attempt): AttemptLimits & { failuresBeforeLock: number } {
    const { limits, failuresBeforeCaptcha } = this.#parts
    return isHuman || failuresBeforeCaptcha === null ? limits : { ...limits, failuresBeforeCaptcha }
  }

  /** Why the subject may not try now. */
  async #explain(key: string, mayWantCaptcha: boolean): Promise<SignInRefusal | CaptchaNeeded> {
    const { failedAttemptStore, now } = this.#parts
    const state = await failedAttemptStore.find(key)
    if (state?.isLocked === true) return { kind: 'locked' }
    const until = state?.cooldownUntil ?? now()
    if (mayWantCaptcha && until <= now()) return { kind: 'captchaNeeded' }
    // What stopped it may have been lifted since; then it may try again in a second.
    return { kind: 'coolingDown', retryAfterSeconds: secondsBetween(now(), until) }
  }
}

/** Name and e-mail address of one account are one subject; so are all ways to write a name that nobody has. */
function nameSubject({ account, typedName }: Attempt, deviceId: string | null): Subject {
  if (account !== null) {
    const key = deviceId === null ? `account ${account.id}` : `device ${deviceId}`
    return { key, accountId: account.id }
  }
  return { key: `nobody ${hashName(typedName).toString('hex')}`, accountId: null }
}
