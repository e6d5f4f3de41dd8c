import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { SecurityEventStore } from './security-event-store.js'

export type SecurityEventUpkeepParts = UpkeepParts & {
  securityEventStore: SecurityEventStore
  /** So many days an event is kept. */
  days: number
  now: () => Date
}

/** Sweeps old events at an interval. */
export class SecurityEventUpkeep extends Upkeep {
  readonly #parts: SecurityEventUpkeepParts

  constructor(parts: SecurityEventUpkeepParts) {
    super(parts, 'security events were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { securityEventStore, days, now } = this.#parts
    const before = new Date(now().getTime() - days * 24 * 3600 * 1000)
    await inBatches((limit) => securityEventStore.sweep(before, limit))
  }
}
