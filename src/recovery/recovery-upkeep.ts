import { inBatches } from '../database/in-batches.js'
import { RepeatedWork, type RepeatedWorkParts } from '../database/repeated-work.js'
import type { RecoveryStore } from './recovery-store.js'
import type { ResetCodeStore } from '../reset-codes/reset-code-store.js'

export type RecoveryUpkeepParts = Pick<RepeatedWorkParts, 'intervalSeconds' | 'log'> & {
  recoveryStore: RecoveryStore
  resetCodeStore: ResetCodeStore
  now: () => Date
}

/** Sweeps recoveries and reset codes that are over, at an interval. */
export class RecoveryUpkeep {
  readonly #parts: RecoveryUpkeepParts
  readonly #repeated: RepeatedWork

  constructor(parts: RecoveryUpkeepParts) {
    this.#parts = parts
    this.#repeated = new RepeatedWork({
      work: () => this.sweep(),
      complaint: 'recoveries were not swept; tried again later',
      ...parts,
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
    const { recoveryStore, resetCodeStore, now } = this.#parts
    await inBatches((limit) => recoveryStore.sweep(now(), limit))
    await inBatches((limit) => resetCodeStore.sweep(now(), limit))
  }
}
