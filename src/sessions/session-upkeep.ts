import type { FastifyBaseLogger } from 'fastify'
import type { SessionKeeper } from './session-keeper.js'

/** Has the keeper sweep and save at an interval, one run after the other, whatever becomes of a run. */
export class SessionUpkeep {
  readonly #keeper: SessionKeeper
  readonly #intervalMs: number
  readonly #logger: FastifyBaseLogger
  #timer: NodeJS.Timeout | undefined
  #run: Promise<void> = Promise.resolve()

  constructor(keeper: SessionKeeper, intervalSeconds: number, logger: FastifyBaseLogger) {
    this.#keeper = keeper
    this.#intervalMs = intervalSeconds * 1000
    this.#logger = logger
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#run = this.#run.then(() => this.#work())
    }, this.#intervalMs).unref()
  }

  /** Waits for a run under way, then saves what is left to save. It does not sweep: others may own the database by now. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#run
    await this.#keeper.saveLastUsed().catch((error: unknown) => {
      this.#logger.warn({ err: error }, 'times of last use were not saved')
    })
  }

  async #work(): Promise<void> {
    try {
      await this.#keeper.saveLastUsed()
      const swept = await this.#keeper.sweep()
      if (swept > 0) this.#logger.info({ swept }, 'expired sessions were swept')
    } catch (error) {
      this.#logger.warn({ err: error }, 'sessions were not swept; tried again later')
    }
  }
}
