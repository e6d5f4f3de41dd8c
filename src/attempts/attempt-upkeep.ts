import type { FastifyBaseLogger } from 'fastify'
import type { FailedAddressStore } from './failed-address-store.js'
import type { FailedAttemptStore } from './failed-attempt-store.js'
import type { KnownDeviceStore } from './known-device-store.js'

const batch = 1000
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

/** Sweeps what no longer counts, in small batches at an interval. */
export class AttemptUpkeep {
  readonly #parts: AttemptUpkeepParts
  #timer: NodeJS.Timeout | undefined
  #run: Promise<void> = Promise.resolve()

  constructor(parts: AttemptUpkeepParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#run = this.#run.then(() => this.#work())
    }, this.#parts.intervalSeconds * 1000).unref()
  }

  /** Waits for a run under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#run
  }

  async #work(): Promise<void> {
    try {
      await this.sweep()
    } catch (error) {
      this.#parts.logger.warn({ err: error }, 'failed attempts were not swept; tried again later')
    }
  }

  /** @throws DatabaseUnavailable */
  async sweep(): Promise<void> {
    const { failedAttemptStore, failedAddressStore, knownDeviceStore, limits, now } = this.#parts
    const ago = (seconds: number) => new Date(now().getTime() - seconds * 1000)
    await sweepAll((limit) => failedAttemptStore.sweep(ago(memorySeconds), limit))
    await sweepAll((limit) => failedAddressStore.sweep(now(), limit))
    await sweepAll((limit) => knownDeviceStore.sweep(ago(limits.knownDeviceSeconds), limit))
  }
}

async function sweepAll(sweep: (limit: number) => Promise<number>): Promise<void> {
  while ((await sweep(batch)) === batch);
}
