import type { FastifyBaseLogger } from 'fastify'
import { inBatches } from '../database/in-batches.js'
import { RepeatedWork } from '../database/repeated-work.js'
import type { FailedAddressStore } from './failed-address-store.js'
import type { FailedAttemptStore } from './failed-attempt-store.js'
import type { KnownDeviceStore } from './known-device-store.js'

/** Failures are forgotten this long after the last of them, for accounts and for nobody's names alike; locks are not. */
const memorySeconds = 30 * 24 * 3600

export type AttemptUpkeepParts = {
  failedAttemptStore: FailedAttemptStore
  failedAddressStore: FailedAddressStore
  knownDeviceStore: KnownDeviceStore
  limits: { knownDeviceSeconds: number }
  intervalSeconds: number
  logger: FastifyBaseLogger
  now: () => Date
}

/** Sweeps what no longer counts at an interval. */
export class AttemptUpkeep {
  readonly #parts: AttemptUpkeepParts
  readonly #repeated: RepeatedWork

  constructor(parts: AttemptUpkeepParts) {
    this.#parts = parts
    this.#repeated = new RepeatedWork({
      work: () => this.sweep(),
      intervalSeconds: parts.intervalSeconds,
      log: parts.logger,
      complaint: 'failed attempts were not swept; tried again later',
    })
  }

  start(): void {
    this.#repeated.start()
  }

  /** Waits for a run under way. */
  async stop(): Promise<void> {
    await this.#repeated.stop()
  }

  /** @throws DatabaseUnavailable */
  async sweep(): Promise<void> {
    const { failedAttemptStore, failedAddressStore, knownDeviceStore, limits, now } = this.#parts
    const ago = (seconds: number) => new Date(now().getTime() - seconds * 1000)
    await inBatches((limit) => failedAttemptStore.sweep(ago(memorySeconds), limit))
    await inBatches((limit) => failedAddressStore.sweep(now(), limit))
    await inBatches((limit) => knownDeviceStore.sweep(ago(limits.knownDeviceSeconds), limit))
  }
}
