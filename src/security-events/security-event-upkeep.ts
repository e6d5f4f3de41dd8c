import type { FastifyBaseLogger } from 'fastify'
import { inBatches } from '../database/in-batches.js'
import { RepeatedWork } from '../database/repeated-work.js'
import type { SecurityEventStore } from './security-event-store.js'

export type SecurityEventUpkeepParts = {
  securityEventStore: SecurityEventStore
  /** So many days an event is kept. */
  days: number
  intervalSeconds: number
  logger: FastifyBaseLogger
  now: () => Date
}

/** Sweeps old events at an interval. */
export class SecurityEventUpkeep {
  readonly #parts: SecurityEventUpkeepParts
  readonly #repeated: RepeatedWork

  constructor(parts: SecurityEventUpkeepParts) {
    this.#parts = parts
    this.#repeated = new RepeatedWork({
      work: () => this.sweep(),
      intervalSeconds: parts.intervalSeconds,
      log: parts.logger,
      complaint: 'security events were not swept; tried again later',
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
    const { securityEventStore, days, now } = this.#parts
    const before = new Date(now().getTime() - days * 24 * 3600 * 1000)
    await inBatches((limit) => securityEventStore.sweep(before, limit))
  }
}
