import { hashToken } from '../secrets/hash-token.js'
import type { Session, SessionStore } from './session-store.js'

export type SessionKeeperSettings = {
  /** How exact the time of last use is kept, in seconds; one write per session in that time at most. */
  lastUsedPrecisionSeconds: number
}

/** Sessions swept by one statement: few enough to hold no lock for long. */
const sweepBatchSize = 500

/** The life of a session between sign-in and its end: checked at every use, remembered as used, swept when expired. */
export class SessionKeeper {
  readonly #store: SessionStore
  readonly #precisionMs: number
  readonly #now: () => Date
  #usedSince = new Map<string, Date>()

  constructor(store: SessionStore, settings: SessionKeeperSettings, now: () => Date) {
    this.#store = store
    this.#precisionMs = settings.lastUsedPrecisionSeconds * 1000
    this.#now = now
  }

  /** The session that `token` belongs to; null when there is none or it has expired. */
  async find(token: string): Promise<Session | null> {
    const now = this.#now()
    const session = await this.#store.find(hashToken(token), now)
    if (session !== null && now.getTime() - session.lastUsedAt.getTime() >= this.#precisionMs) {
      this.#usedSince.set(session.id, now)
    }
    return session
  }

  /** Ends the session that `token` belongs to, on every node at once; returns whose it was. */
  async end(token: string): Promise<{ accountId: string } | null> {
    return this.#store.end(hashToken(token))
  }

  /** Writes down the times of last use that `find` has gathered, all in one statement. */
  async saveLastUsed(): Promise<void> {
    const used = this.#usedSince
    if (used.size === 0) return
    this.#usedSince = new Map()
    try {
      await this.#store.touch([...used.keys()], [...used.values()])
    } catch (error) {
      this.#usedSince = new Map([...used, ...this.#usedSince])
      throw error
    }
  }

  /** Deletes expired sessions in small batches; returns how many. */
  async sweep(): Promise<number> {
    let swept = 0
    let batch: number
    do {
      batch = await this.#store.deleteExpired(this.#now(), sweepBatchSize)
      swept += batch
    } while (batch === sweepBatchSize)
    return swept
  }
}
