import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { EnrolmentStore } from './enrolment-store.js'

export type EnrolmentUpkeepParts = UpkeepParts & { enrolmentStore: EnrolmentStore; now: () => Date }

/** Sweeps authenticator apps that were never set up to the end, at an interval. */
export class EnrolmentUpkeep extends Upkeep {
  readonly #parts: EnrolmentUpkeepParts

  constructor(parts: EnrolmentUpkeepParts) {
    super(parts, 'unfinished authenticator apps were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { enrolmentStore, now } = this.#parts
    await inBatches((limit) => enrolmentStore.sweep(now(), limit))
  }
}
