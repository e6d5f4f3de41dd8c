import type { FastifyBaseLogger } from 'fastify'
import { inBatches } from '../database/in-batches.js'
import { RepeatedWork } from '../database/repeated-work.js'
import type { EndedSessionStore } from './ended-session-store.js'
import type { SessionKeeper } from './session-keeper.js'

/** So long the login page can tell why a session has ended. */
const reasonsKeptMs = 30 * 24 * 3600 * 1000

export type SessionUpkeepParts = {
  sessionKeeper: SessionKeeper
  endedSessionStore: EndedSessionStore
  intervalSeconds: number
  logger: FastifyBaseLogger
  now: () => Date
}

/** Has the keeper sweep and save at an interval, and forgets why sessions have ended long ago. */
export class SessionUpkeep {
  readonly #parts: SessionUpkeepParts
  readonly #repeated: RepeatedWork

  constructor(parts: SessionUpkeepParts) {
    this.#parts = parts
    this.#repeated = new RepeatedWork({
      work: () => this.sweep(),
      intervalSeconds: parts.intervalSeconds,
      log: parts.logger,
      complaint: 'sessions were not swept; tried again later',
    })
  }

  start(): void {
    this.#repeated.start()
  }

  /** Waits for a run under way, then saves what is left to save. It does not sweep: others may own the database by now. */
  async stop(): Promise<void> {
    await this.#repeated.stop()
    await this.#parts.sessionKeeper.saveLastUsed().catch((error: unknown) => {
      this.#parts.logger.warn({ err: error }, 'times of last use were not saved')
    })
  }

  /** @throws DatabaseUnavailable */
  async sweep(): Promise<void> {
    const { sessionKeeper, endedSessionStore, logger, now } = this.#parts
    await sessionKeeper.saveLastUsed()
    const swept = await sessionKeeper.sweep()
    if (swept > 0) logger.info({ swept }, 'expired sessions were swept')
    const before = new Date(now().getTime() - reasonsKeptMs)
    await inBatches((limit) => endedSessionStore.sweep(before, limit))
  }
}
