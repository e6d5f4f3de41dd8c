import type { Account } from '../accounts/account-store.js'
import { parseAccountQuery } from '../accounts/parse-account-query.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import { hashToken } from '../secrets/hash-token.js'
import type { AdmittedAttempt, Attempt, SignInGate, SignInRefusal } from '../sign-in/sign-in-gate.js'
import { addressNetwork } from './address-network.js'
import type { FailedAddressStore } from './failed-address-store.js'
import type { AttemptLimits, FailedAttemptStore, Subject } from './failed-attempt-store.js'
import type { KnownDeviceStore } from './known-device-store.js'

export type AttemptGuardParts = {
  failedAttemptStore: FailedAttemptStore
  failedAddressStore: FailedAddressStore
  knownDeviceStore: KnownDeviceStore
  limits: AttemptLimits & {
    /** From one address, within `addressWindowSeconds`. */
    failuresPerAddress: number
    addressWindowSeconds: number
    /** How long a browser stays known after its last good sign-in. */
    knownDeviceSeconds: number
  }
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
  async admit(attempt: Attempt): Promise<{ kind: 'admitted'; attempt: AdmittedAttempt } | SignInRefusal> {
    const { failedAttemptStore, failedAddressStore, limits, now } = this.#parts
    const address = addressNetwork(attempt.clientAddress)
    const deviceId = await this.#findDevice(attempt)
    // Behind a proxy that is not trusted yet all people share one address; strangers there must not lock out known devices.
    if (deviceId === null) {
      const until = await failedAddressStore.blockedUntil(address, now(), limits.failuresPerAddress)
      if (until !== null)
        return { kind: 'addressCoolingDown', retryAfterSeconds: secondsBetween(now(), until) }
    }
    const subject = nameSubject(attempt, deviceId)
    const counted = await failedAttemptStore.count(subject, now(), limits)
    if (counted === null) return this.#explain(subject.key)
    const { number, series } = counted
    return {
      kind: 'admitted',
      attempt: {
        succeed: async () => this.#succeed(attempt, subject.key, number),
        fail: async () => {
          if (deviceId === null) await failedAddressStore.count(address, now(), limits.addressWindowSeconds)
          return this.#fail(number)
        },
        withdraw: async () => failedAttemptStore.takeBack(subject.key, series, limits),
      },
    }
  }

  /** See `SignInGate`. */
  async remember(account: Account, deviceToken: string | null): Promise<string> {
    const { knownDeviceStore, now } = this.#parts
    // A token that is known stays: the answer that brings a new one may be lost, and its owner would be a stranger.
    if (deviceToken !== null && (await knownDeviceStore.note(account.id, hashToken(deviceToken), now())))
      return deviceToken
    const token = createRandomToken()
    await knownDeviceStore.add(account.id, hashToken(token), now())
    return token
  }

  async #findDevice({ account, deviceToken }: Attempt): Promise<string | null> {
    if (account === null || deviceToken === null) return null
    const { knownDeviceStore, limits, now } = this.#parts
    const since = new Date(now().getTime() - limits.knownDeviceSeconds * 1000)
    return knownDeviceStore.find(account.id, hashToken(deviceToken), since)
  }

  async #succeed({ account, deviceToken }: Attempt, key: string, number: number) {
    if (account === null) throw new Error('nobody cannot succeed')
    if (!(await this.#parts.failedAttemptStore.forget(key, number))) return this.#explain(key)
    return { kind: 'welcome' as const, deviceToken: await this.remember(account, deviceToken) }
  }

  #fail(number: number) {
    const { limits } = this.#parts
    if (number >= limits.failuresBeforeLock) return { kind: 'locked' as const }
    if (number === limits.failuresBeforeCooldown)
      return { kind: 'coolingDown' as const, retryAfterSeconds: limits.cooldownSeconds }
    return { kind: 'counted' as const, failures: number, limit: limits.failuresBeforeLock }
  }

  /** Why the subject may not try now. */
  async #explain(key: string): Promise<SignInRefusal> {
    const { failedAttemptStore, now } = this.#parts
    const state = await failedAttemptStore.find(key)
    if (state?.isLocked === true) return { kind: 'locked' }
    // What stopped it may have been lifted since; then it may try again in a second.
    const until = state?.cooldownUntil ?? now()
    return { kind: 'coolingDown', retryAfterSeconds: secondsBetween(now(), until) }
  }
}

/** Name and e-mail address of one account are one subject; so are all ways to write a name that nobody has. */
function nameSubject({ account, typedName }: Attempt, deviceId: string | null): Subject {
  if (account !== null) {
    const key = deviceId === null ? `account ${account.id}` : `device ${deviceId}`
    return { key, accountId: account.id }
  }
  const query = parseAccountQuery(typedName)
  const name = query === null ? typedName : Object.values(query).join('')
  // Hashed, as it may be a password that was typed into the wrong field.
  return { key: `nobody ${hashToken(name).toString('hex')}`, accountId: null }
}

function secondsBetween(earlier: Date, later: Date): number {
  return Math.max(1, Math.ceil((later.getTime() - earlier.getTime()) / 1000))
}
