import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { PendingSignInStore } from './pending-sign-in-store.js'

export type SecondStepUpkeepParts = UpkeepParts & {
  pendingSignInStore: PendingSignInStore
  now: () => Date
}

/** Sweeps sign-ins that were never finished, at an interval. */
export class SecondStepUpkeep extends Upkeep {
  readonly #parts: SecondStepUpkeepParts

  constructor(parts: SecondStepUpkeepParts) {
    super(parts, 'unfinished sign-ins were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { pendingSignInStore, now } = this.#parts
    await inBatches((limit) => pendingSignInStore.sweep(now(), limit))
  }
}
