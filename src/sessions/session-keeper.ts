import { inBatches } from '../database/in-batches.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import { hashToken } from '../secrets/hash-token.js'
import { tokenKey } from '../secrets/token-key.js'
import type { ListedSession } from './listed-session.js'
import type { Remembered } from './recently-used.js'
import type { SessionCache } from './session-cache.js'
import type { SessionListStore } from './session-list-store.js'
import type { NewSession, Session, SessionStore } from './session-store.js'

export type SessionKeeperParts = {
  sessionStore: SessionStore
  sessionListStore: SessionListStore
  sessionCache: SessionCache
  /** How exact the time of last use is kept, in seconds; one write per session in that time at most. */
  lastUsedPrecisionSeconds: number
  /** A session that nobody uses for so many seconds ends; 0 for none. */
  idleTimeoutSeconds: number
  /** How often last uses are saved, on every node. */
  sweepIntervalSeconds: number
  now: () => Date
}

/** The life of a session between sign-in and its end: checked at every use, remembered as used, swept when over. */
export class SessionKeeper {
  readonly #store: SessionStore
  readonly #listStore: SessionListStore
  readonly #cache: SessionCache
  readonly #precisionMs: number
  readonly #idleMs: number
  readonly #savedWithinMs: number
  readonly #now: () => Date
  /** Uses that are not saved yet, by the ids of the sessions. */
  readonly #usedSince = new Map<string, Date>()

  constructor(parts: SessionKeeperParts) {
    this.#store = parts.sessionStore
    this.#listStore = parts.sessionListStore
    this.#cache = parts.sessionCache
    this.#precisionMs = parts.lastUsedPrecisionSeconds * 1000
    this.#idleMs = parts.idleTimeoutSeconds === 0 ? Infinity : parts.idleTimeoutSeconds * 1000
    this.#savedWithinMs = this.#precisionMs + parts.sweepIntervalSeconds * 1000
    this.#now = parts.now
  }

  /** Starts a session, and ends the one it replaces; false when the password was changed since it was checked. */
  async add(session: NewSession): Promise<boolean> {
    try {
      return await this.#store.add(session)
    } finally {
      if (session.replacedTokenHash !== null) this.#cache.forget(session.replacedTokenHash.toString('hex'))
    }
  }

  /**
   * The session that `token` belongs to, when memory can tell; null when only `find` can. It does not wait: handlers that
   * are asked often ask here first.
   */
  recall(token: string): Session | null {
    return this.#recall(tokenKey(token))
  }

  /** What memory holds of the session that `token` belongs to, for `reuse`; null when it is not in memory. */
  hold(token: string): Remembered<Session> | null {
    return this.#cache.hold(tokenKey(token))
  }

  /** Like `recall`, of what `hold` has returned: checked and noted as used just the same, without looking it up. */
  reuse(held: Remembered<Session>): Session | null {
    return this.#useUnlessOver(this.#cache.reuse(held))
  }

  /**
   * The session that `token` belongs to; null when there is none or it is over.
   * @throws DatabaseUnavailable when it is not in memory, or that cannot be relied on
   */
  async find(token: string): Promise<Session | null> {
    return this.findByKey(tokenKey(token))
  }

  /**
   * Like `find`, for whoever knows a session by what the database keeps of its token.
   * @param key as `tokenKey` makes it
   */
  async findByKey(key: string): Promise<Session | null> {
    const known = this.#recall(key)
    if (known !== null) return known
    const now = this.#now()
    const session = await this.#read(key)
    return session === null || this.#isOver(session, now) ? null : this.#use(session, now)
  }

  /** Ends the session that `token` belongs to, on every node at once; returns whose it was. */
  async end(token: string): Promise<{ accountId: string } | null> {
    try {
      return await this.#store.end(hashToken(token))
    } finally {
      // Also when no answer came: it may have been done.
      this.#cache.forget(tokenKey(token))
    }
  }

  /**
   * Gives the session that `token` belongs to a new token; the old one is refused from now on, on every node
   * (OWASP ASVS 5.0, 7.2.4). Id and expiry stay.
   *
   * @returns the new token; null when the session is over
   * @throws DatabaseUnavailable
   */
  async renewToken(token: string): Promise<string | null> {
    const newToken = createRandomToken()
    try {
      const isRenewed = await this.#store.replaceToken(hashToken(token), hashToken(newToken), this.#now())
      return isRenewed ? newToken : null
    } finally {
      this.#cache.forget(tokenKey(token))
    }
  }

  /**
   * At most `limit` sessions of an account that are not over, as exactly as this node knows: `firstId` among them, the one
   * that was used last first.
   */
  async listOf(accountId: string, firstId: string, limit: number): Promise<ListedSession[]> {
    const now = this.#now()
    const listed = await this.#listStore.find(accountId, now, firstId, limit)
    for (const session of listed) session.lastUsedAt = this.#lastUseOf(session)
    return listed
      .filter((session) => !this.#isOver(session, now))
      .toSorted((one, other) => other.lastUsedAt.getTime() - one.lastUsedAt.getTime())
  }

  /** How many sessions of an account are not over, as far as their uses are saved. */
  async countOf(accountId: string): Promise<number> {
    const now = this.#now()
    const usedSince = this.#idleMs === Infinity ? new Date(0) : new Date(now.getTime() - this.#idleMs)
    return (await this.#listStore.count([accountId], now, usedSince)).get(accountId) ?? 0
  }

  /**
   * Forgets what memory holds of an account. For whoever has ended sessions of it by `SessionStore`, after that is
   * committed: this node then knows it at once and not a little later, when the database tells all nodes.
   */
  forgetAccount(accountId: string): void {
    this.#cache.forget(accountId)
  }

  /** Writes down the times of last use that `find` has gathered, all in one statement. */
  async saveLastUsed(): Promise<void> {
    const used = new Map(this.#usedSince)
    if (used.size === 0) return
    await this.#store.touch([...used.keys()], [...used.values()])
    for (const [id, at] of used) {
      if (this.#usedSince.get(id) === at) this.#usedSince.delete(id)
    }
  }

  /** Deletes sessions that are over, in small batches; returns how many. */
  async sweep(): Promise<number> {
    const now = this.#now()
    const expired = await inBatches((limit) => this.#store.deleteExpired(now, limit))
    if (this.#idleMs === Infinity) return expired
    // Other nodes may know of a later use and not have saved it yet.
    const unusedSince = new Date(now.getTime() - this.#idleMs - this.#savedWithinMs)
    return expired + (await inBatches((limit) => this.#store.deleteUnused(unusedSince, limit)))
  }

  #recall(key: string): Session | null {
    return this.#useUnlessOver(this.#cache.recall(key))
  }

  #useUnlessOver(session: Session | null): Session | null {
    const now = this.#now()
    // What looks unused here may have been used at another node, which the database knows.
    return session === null || this.#isOver(session, now) ? null : this.#use(session, now)
  }

  #use(session: Session, now: Date): Session {
    if (now.getTime() - session.lastUsedAt.getTime() >= this.#precisionMs) {
      session.lastUsedAt = now
      this.#usedSince.set(session.id, now)
    }
    return session
  }

  async #read(key: string): Promise<Session | null> {
    const session = await this.#cache.read(key)
    if (session !== null) session.lastUsedAt = this.#lastUseOf(session)
    return session
  }

  /** The later of what was read and what is known here and not saved yet. */
  #lastUseOf({ id, lastUsedAt }: { id: string; lastUsedAt: Date }): Date {
    const unsaved = this.#usedSince.get(id)
    return unsaved !== undefined && unsaved > lastUsedAt ? unsaved : lastUsedAt
  }

  #isOver(session: { expiresAt: Date; lastUsedAt: Date }, now: Date): boolean {
    const time = now.getTime()
    return session.expiresAt.getTime() <= time || time - session.lastUsedAt.getTime() >= this.#idleMs
  }
}
