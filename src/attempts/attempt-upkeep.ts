import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { FailedAddressStore } from './failed-address-store.js'
import type { FailedAttemptStore } from './failed-attempt-store.js'
import type { KnownDeviceStore } from './known-device-store.js'

/** Failures are forgotten this long after the last of them, for accounts and for nobody's names alike; locks are not. */
const memorySeconds = 30 * 24 * 3600

export type AttemptUpkeepParts = UpkeepParts & {
  failedAttemptStore: FailedAttemptStore
  failedAddressStore: FailedAddressStore
  knownDeviceStore: KnownDeviceStore
  limits: { knownDeviceSeconds: number }
  now: () => Date
}

/** Sweeps what no longer counts at an interval. */
export class AttemptUpkeep extends Upkeep {
  readonly #parts: AttemptUpkeepParts

  constructor(parts: AttemptUpkeepParts) {
    super(parts, 'failed attempts were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { failedAttemptStore, failedAddressStore, knownDeviceStore, limits, now } = this.#parts
    const ago = (seconds: number) => new Date(now().getTime() - seconds * 1000)
    await inBatches((limit) => failedAttemptStore.sweep(ago(memorySeconds), limit))
    await inBatches((limit) => failedAddressStore.sweep(now(), limit))
    await inBatches((limit) => knownDeviceStore.sweep(ago(limits.knownDeviceSeconds), limit))
  }
}
