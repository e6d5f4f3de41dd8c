import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { RecoveryStore } from './recovery-store.js'
import type { ResetCodeStore } from '../reset-codes/reset-code-store.js'

export type RecoveryUpkeepParts = UpkeepParts & {
  recoveryStore: RecoveryStore
  resetCodeStore: ResetCodeStore
  now: () => Date
}

/** Sweeps recoveries and reset codes that are over, at an interval. */
export class RecoveryUpkeep extends Upkeep {
  readonly #parts: RecoveryUpkeepParts

  constructor(parts: RecoveryUpkeepParts) {
    super(parts, 'recoveries were not swept; tried again later')
    this.#parts = parts
  }

  override async sweep(): Promise<void> {
    const { recoveryStore, resetCodeStore, now } = this.#parts
    await inBatches((limit) => recoveryStore.sweep(now(), limit))
    await inBatches((limit) => resetCodeStore.sweep(now(), limit))
  }
}
