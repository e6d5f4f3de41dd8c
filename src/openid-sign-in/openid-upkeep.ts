import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { NewcomerStore } from './newcomer-store.js'
import type { ReturnedErrandStore } from './returned-errand-store.js'

export type OpenidUpkeepParts = UpkeepParts & {
  newcomerStore: NewcomerStore
  returnedErrandStore: ReturnedErrandStore
  now: () => Date
}

/** Sweeps newcomers who never chose a name, and errands that are over, at an interval. */
export class OpenidUpkeep extends Upkeep {
  readonly #parts: OpenidUpkeepParts

  constructor(parts: OpenidUpkeepParts) {
    super(parts, 'leftovers of sign-ins by other services were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { newcomerStore, returnedErrandStore, now } = this.#parts
    await inBatches((limit) => newcomerStore.sweep(now(), limit))
    await inBatches((limit) => returnedErrandStore.sweep(now(), limit))
  }
}
