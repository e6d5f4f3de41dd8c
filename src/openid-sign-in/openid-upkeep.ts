import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { NewcomerStore } from './newcomer-store.js'

export type OpenidUpkeepParts = UpkeepParts & { newcomerStore: NewcomerStore; now: () => Date }

/** Sweeps newcomers who never chose a name, at an interval. */
export class OpenidUpkeep extends Upkeep {
  readonly #parts: OpenidUpkeepParts

  constructor(parts: OpenidUpkeepParts) {
    super(parts, 'newcomers who never chose a name were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { newcomerStore, now } = this.#parts
    await inBatches((limit) => newcomerStore.sweep(now(), limit))
  }
}
