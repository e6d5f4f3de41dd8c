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

/** How often one address may fail, whatever accounts it tries. */
export class AddressLimit {
  readonly #parts: AddressLimitParts

  constructor(parts: AddressLimitParts) {
    this.#parts = parts
  }

  /** For `FailedAttemptStore.count`, which asks the limit in its own statement. */
  barOf(address: string): AddressBar {
    return { address, limit: this.#parts.limits.failuresPerAddress }
  }

  /** @returns null while the address may go on */
  async refuse(address: string): Promise<{ kind: 'addressCoolingDown'; retryAfterSeconds: number } | null> {
    const { failedAddressStore, limits, now } = this.#parts
    const until = await failedAddressStore.blockedUntil(address, now(), limits.failuresPerAddress)
    return until === null
      ? null
      : { kind: 'addressCoolingDown', retryAfterSeconds: secondsBetween(now(), until) }
  }

  async count(address: string): Promise<void> {
    const { failedAddressStore, limits, now } = this.#parts
    await failedAddressStore.count(address, now(), limits.addressWindowSeconds)
  }
}
