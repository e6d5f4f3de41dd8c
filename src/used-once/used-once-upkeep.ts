import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { UsedOnceStore } from './used-once-store.js'

export type UsedOnceUpkeepParts = UpkeepParts & { usedOnceStore: UsedOnceStore; now: () => Date }

/** Sweeps what was used once and has expired, at an interval. */
export class UsedOnceUpkeep extends Upkeep {
  readonly #parts: UsedOnceUpkeepParts

  constructor(parts: UsedOnceUpkeepParts) {
    super(parts, 'what was used once was not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { usedOnceStore, now } = this.#parts
    await inBatches((limit) => usedOnceStore.sweep(now(), limit))
  }
}
