import type { FastifyBaseLogger } from 'fastify'
import { inBatches } from '../database/in-batches.js'
import { Upkeep, type UpkeepParts } from '../database/upkeep.js'
import type { EndedSessionStore } from './ended-session-store.js'
import type { SessionKeeper } from './session-keeper.js'

/** So long the login page can tell why a session has ended. */
const reasonsKeptMs = 30 * 24 * 3600 * 1000

export type SessionUpkeepParts = UpkeepParts & {
  sessionKeeper: SessionKeeper
  endedSessionStore: EndedSessionStore
  log: FastifyBaseLogger
  now: () => Date
}

/** Has the keeper sweep and save at an interval, and forgets why sessions have ended long ago. */
export class SessionUpkeep extends Upkeep {
  readonly #parts: SessionUpkeepParts

  constructor(parts: SessionUpkeepParts) {
    super(parts, 'sessions were not swept; tried again later')
    this.#parts = parts
  }

  /** Waits for a run under way, then saves what is left to save. It does not sweep: others may own the database by now. */
  override async stop(): Promise<void> {
    await super.stop()
    await this.#parts.sessionKeeper.saveLastUsed().catch((error: unknown) => {
      this.#parts.log.warn({ err: error }, 'times of last use were not saved')
    })
  }

  override async sweep(): Promise<void> {
    const { sessionKeeper, endedSessionStore, log, now } = this.#parts
    await sessionKeeper.saveLastUsed()
    const swept = await sessionKeeper.sweep()
    if (swept > 0) log.info({ swept }, 'expired sessions were swept')
    const before = new Date(now().getTime() - reasonsKeptMs)
    await inBatches((limit) => endedSessionStore.sweep(before, limit))
  }
}
