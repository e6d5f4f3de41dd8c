import { inBatches } from '../database/in-batches.js'
import { RepeatedWork, type RepeatedWorkParts } from '../database/repeated-work.js'
import type { PendingSignInStore } from './pending-sign-in-store.js'

export type SecondStepUpkeepParts = Pick<RepeatedWorkParts, 'intervalSeconds' | 'log'> & {
  pendingSignInStore: PendingSignInStore
  now: () => Date
}

/** Sweeps sign-ins that were never finished, at an interval. */
export class SecondStepUpkeep {
  readonly #parts: SecondStepUpkeepParts
  readonly #repeated: RepeatedWork

  constructor(parts: SecondStepUpkeepParts) {
    this.#parts = parts
    this.#repeated = new RepeatedWork({
      work: () => this.sweep(),
      complaint: 'unfinished sign-ins were not swept; tried again later',
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
    const { pendingSignInStore, now } = this.#parts
    await inBatches((limit) => pendingSignInStore.sweep(now(), limit))
  }
}
