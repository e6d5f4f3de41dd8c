import type { FastifyBaseLogger } from 'fastify'
import { RepeatedWork } from '../database/repeated-work.js'
import type { SessionKeeper } from './session-keeper.js'

/** Has the keeper sweep and save at an interval. */
export class SessionUpkeep {
  readonly #keeper: SessionKeeper
  readonly #logger: FastifyBaseLogger
  readonly #repeated: RepeatedWork

  constructor(keeper: SessionKeeper, intervalSeconds: number, logger: FastifyBaseLogger) {
    this.#keeper = keeper
    this.#logger = logger
    this.#repeated = new RepeatedWork({
      work: () => this.#work(),
      intervalSeconds,
      log: logger,
      complaint: 'sessions were not swept; tried again later',
    })
  }

  start(): void {
    this.#repeated.start()
  }

  /** Waits for a run under way, then saves what is left to save. It does not sweep: others may own the database by now. */
  async stop(): Promise<void> {
    await this.#repeated.stop()
    await this.#keeper.saveLastUsed().catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'times of last use were not saved')
    })
  }

  async #work(): Promise<void> {
    await this.#keeper.saveLastUsed()
    const swept = await this.#keeper.sweep()
    if (swept > 0) this.#logger.info({ swept }, 'expired sessions were swept')
  }
}
