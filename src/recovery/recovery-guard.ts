import type { AddressLimit, AddressRefusal } from '../attempts/address-limit.js'
import { addressNetwork } from '../attempts/address-network.js'
import type { AttemptLimits, FailedAttemptStore } from '../attempts/failed-attempt-store.js'
import type { KnownDevices } from '../attempts/known-devices.js'
import { secondsBetween } from '../attempts/seconds-between.js'
import type { Visitor } from '../sign-in/visitor.js'
import { proofSubject } from './proof-subject.js'
import type { ProofMethod } from './recovery-method.js'
import type { Recovery } from './recovery-store.js'

// Of what can be guessed: five tries a day are left to whoever never stops, and the other ways to the owner.
const longestCooldownSeconds = 86_400

/** Why a proof is not looked at. */
export type RecoveryRefusal = AddressRefusal | { kind: 'coolingDown'; retryAfterSeconds: number }

/** A try that was counted and may look at the proof. Exactly one of these follows. */
export type AdmittedProof = {
  succeed: () => Promise<void>
  /** The proof was wrong: for the `failures`th time in a row, of `limit` that start a cooldown. */
  fail: () => Promise<{ kind: 'wrong'; failures: number; limit: number } | RecoveryRefusal>
  /** The proof was not looked at after all, so the try does not count. */
  withdraw: () => Promise<void>
}

export type RecoveryGuardParts = {
  failedAttemptStore: FailedAttemptStore
  addressLimit: AddressLimit
  knownDevices: KnownDevices
  limits: { failuresBeforeCooldown: number; cooldownSeconds: number }
  now: () => Date
}

/**
 * Stops guessing at proofs as `AttemptGuard` does at passwords, but never for good: whoever knows a name must not be able
 * to close the last way back to the account. Names that nobody has are counted like all others.
 */
export class RecoveryGuard {
  readonly #parts: RecoveryGuardParts

  constructor(parts: RecoveryGuardParts) {
    this.#parts = parts
  }

  /**
   * Counts a recovery that begins, whoever has the name: trying many would find out which ones exist.
   *
   * @returns null when it may go ahead
   */
  async admitBeginning(accountId: string | null, visitor: Visitor): Promise<AddressRefusal | null> {
    const { addressLimit, knownDevices } = this.#parts
    const deviceId = await knownDevices.find(accountId, visitor.deviceToken)
    // Apart from each other, so that neither uses up what the other may.
    const whence = deviceId === null ? addressNetwork(visitor.clientAddress) : `device ${deviceId}`
    return addressLimit.admit(`recovery ${whence}`)
  }

  /**
   * Counts a try before the proof is looked at.
   *
   * @throws DatabaseUnavailable; what cannot be counted may not go ahead
   */
  async admit(
    recovery: Recovery,
    proof: { method: ProofMethod; isGuessable: boolean },
    visitor: Visitor,
  ): Promise<{ kind: 'admitted'; attempt: AdmittedProof } | RecoveryRefusal> {
    const { failedAttemptStore, addressLimit, knownDevices, limits, now } = this.#parts
    const network = addressNetwork(visitor.clientAddress)
    const deviceId = await knownDevices.find(recovery.accountId, visitor.deviceToken)
    const bar = deviceId === null ? addressLimit.barOf(network) : null
    const subject = proofSubject(recovery, proof, { deviceId, network })
    const ownLimits = limitsOf(proof, limits)
    const counted = await failedAttemptStore.count(subject, now(), ownLimits, bar)
    if (counted === null) {
      const refusal = bar === null ? null : await addressLimit.refuse(network)
      return refusal ?? this.#explain(subject.key)
    }
    const { number, series, cooldownUntil } = counted
    return {
      kind: 'admitted',
      attempt: {
        succeed: async () => {
          await failedAttemptStore.forget(subject.key, number)
        },
        fail: async () => {
          if (deviceId === null) await addressLimit.count(network)
          return cooldownUntil === null
            ? { kind: 'wrong', failures: number, limit: limits.failuresBeforeCooldown }
            : { kind: 'coolingDown', retryAfterSeconds: secondsBetween(now(), cooldownUntil) }
        },
        withdraw: async () => failedAttemptStore.takeBack(subject.key, series, ownLimits),
      },
    }
  }

  async #explain(key: string): Promise<RecoveryRefusal> {
    const { failedAttemptStore, now } = this.#parts
    const state = await failedAttemptStore.find(key)
    // What stopped it may have been lifted since; then it may try again in a second.
    return { kind: 'coolingDown', retryAfterSeconds: secondsBetween(now(), state?.cooldownUntil ?? now()) }
  }
}

function limitsOf(
  { isGuessable }: { isGuessable: boolean },
  limits: Pick<AttemptLimits, 'failuresBeforeCooldown' | 'cooldownSeconds'>,
): AttemptLimits {
  return { ...limits, failuresBeforeLock: null, ...(isGuessable ? { longestCooldownSeconds } : {}) }
}
