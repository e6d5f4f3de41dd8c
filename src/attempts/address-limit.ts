import type { FailedAddressStore } from './failed-address-store.js'
import type { AddressBar } from './failed-attempt-store.js'
import { secondsBetween } from './seconds-between.js'

export type AddressLimitParts = {
  failedAddressStore: FailedAddressStore
  limits: {
    /** From one address, within `addressWindowSeconds`. */
    failuresPerAddress: number
    addressWindowSeconds: number
  }
  now: () => Date
}

/** An address has to wait. */
export type AddressRefusal = { kind: 'addressCoolingDown'; retryAfterSeconds: number }

/** How often one address may fail, whatever accounts it tries. */
export class AddressLimit {
  readonly #parts: AddressLimitParts

  constructor(parts: AddressLimitParts) {
    this.#parts = parts
  }

  /**
   * For `FailedAttemptStore.count`, which asks the limit in its own statement.
   *
   * @param fewer a lower limit, for an attempt that more would let pass only with a captcha
   */
  barOf(address: string, fewer = Infinity): AddressBar {
    return { address, limit: Math.min(this.#parts.limits.failuresPerAddress, fewer) }
  }

  /** @returns null while the address may go on */
  async refuse(address: string): Promise<AddressRefusal | null> {
    const { failedAddressStore, limits, now } = this.#parts
    const until = await failedAddressStore.blockedUntil(address, now(), limits.failuresPerAddress)
    return until === null
      ? null
      : { kind: 'addressCoolingDown', retryAfterSeconds: secondsBetween(now(), until) }
  }

  /** @returns how often this address has failed in its window */
  async count(address: string): Promise<number> {
    const { failedAddressStore, limits, now } = this.#parts
    return (await failedAddressStore.count(address, now(), limits.addressWindowSeconds, null)) ?? 0
  }

  /** For what counts whatever comes of it: counts it, unless the address has to wait. */
  async admit(address: string): Promise<AddressRefusal | null> {
    const { failedAddressStore, limits, now } = this.#parts
    const { failuresPerAddress, addressWindowSeconds } = limits
    const counted = await failedAddressStore.count(address, now(), addressWindowSeconds, failuresPerAddress)
    if (counted !== null) return null
    // What stopped it may be over since; then it may try again in a second.
    return (await this.refuse(address)) ?? { kind: 'addressCoolingDown', retryAfterSeconds: 1 }
  }
}
