import { setImmediate as turnEnd } from 'node:timers/promises'
import type { Hearer } from '../database/notification-listener.js'
import { RecentlyUsed, type Remembered } from './recently-used.js'
import { SessionReading } from './session-reading.js'
import type { Session, SessionStore } from './session-store.js'

export type SessionCacheParts = {
  sessionStore: SessionStore
  /** How many sessions are remembered; of more, those go that were not asked for the longest. 0 remembers none. */
  size: number
  /** Whether all changes of sessions are heard now. While they are not, every answer comes from the database. */
  isCurrent: () => boolean
}

/**
 * Remembers sessions in memory and forgets them when any node changes them. Sessions that do not exist are not
 * remembered. It knows neither clocks nor expiry.
 */
export class SessionCache implements Hearer {
  readonly #parts: SessionCacheParts
  readonly #sessions: RecentlyUsed<Session>
  readonly #readings = new Set<SessionReading>()
  #gathering: { reading: SessionReading; found: Promise<Map<string, Session>> } | null = null

  constructor(parts: SessionCacheParts) {
    this.#parts = parts
    this.#sessions = new RecentlyUsed(parts.size)
  }

  /** The session with this key, if it is remembered and that can be relied on now. */
  recall(key: string): Session | null {
    const held = this.hold(key)
    return held === null ? null : this.reuse(held)
  }

  /** What is remembered under this key, for whoever asks again and again: `reuse` tells whether it still counts. */
  hold(key: string): Remembered<Session> | null {
    return this.#sessions.find(key) ?? null
  }

  /** Like `recall`, of what somebody holds; without looking it up. */
  reuse(held: Remembered<Session>): Session | null {
    if (held.isForgotten || !this.#parts.isCurrent()) return null
    held.isUsed = true
    return held.value
  }

  /**
   * The session with this key as the database has it; null when there is none. All that are asked for in one turn of
   * the event loop are read by one statement.
   * @throws DatabaseUnavailable
   */
  async read(key: string): Promise<Session | null> {
    this.#gathering ??= this.#gather()
    const { reading, found } = this.#gathering
    reading.add(key)
    return (await found).get(key) ?? null
  }

  /** Forgets sessions by their keys, or all of accounts by their ids, and what is being read of them. */
  forget(...changes: string[]): void {
    for (const reading of this.#readings) reading.note(changes)
    for (const change of changes) this.#sessions.delete(change)
    const accounts = new Set(changes.filter((change) => isAccountId(change)))
    if (accounts.size > 0) this.#sessions.deleteWhere(({ accountId }) => accounts.has(accountId))
  }

  forgetAll(): void {
    for (const reading of this.#readings) reading.noteEverything()
    this.#sessions.clear()
  }

  /** Takes a message of the trigger `announce_session_changes`. */
  hear(message: string): void {
    if (message === '*') this.forgetAll()
    else this.forget(...message.split(' '))
  }

  #gather() {
    const reading = new SessionReading()
    this.#readings.add(reading)
    return { reading, found: this.#read(reading) }
  }

  async #read(reading: SessionReading): Promise<Map<string, Session>> {
    await turnEnd()
    // Who asks from now on must see what is committed from now on: another reading.
    this.#gathering = null
    try {
      const found = await reading.read(this.#parts.sessionStore)
      for (const [key, session] of found) {
        if (reading.mayRemember(key, session)) this.#sessions.set(key, session)
      }
      return found
    } finally {
      this.#readings.delete(reading)
    }
  }
}

function isAccountId(change: string): boolean {
  return change.includes('-')
}
