import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { ChallengeStore } from './challenge-store.js'

export type WebauthnUpkeepParts = UpkeepParts & { challengeStore: ChallengeStore; now: () => Date }

/** Sweeps answered challenges that are over, at an interval. */
export class WebauthnUpkeep extends Upkeep {
  readonly #parts: WebauthnUpkeepParts

  constructor(parts: WebauthnUpkeepParts) {
    super(parts, 'answered challenges were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { challengeStore, now } = this.#parts
    await inBatches((limit) => challengeStore.sweep(now(), limit))
  }
}
