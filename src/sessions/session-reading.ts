import type { Session, SessionStore } from './session-store.js'

/**
 * One look into the table for all who ask in one turn of the event loop. It keeps what changed meanwhile: a row that
 * was read before it was deleted may arrive after the news of that.
 */
export class SessionReading {
  readonly #keys = new Set<string>()
  readonly #changed = new Set<string>()
  #isOutdated = false

  add(key: string): void {
    this.#keys.add(key)
  }

  /** @param changes keys of sessions or ids of accounts */
  note(changes: readonly string[]): void {
    for (const change of changes) this.#changed.add(change)
  }

  noteEverything(): void {
    this.#isOutdated = true
  }

  /** Whether what was read may be remembered: nothing has been heard of it since it was asked for. */
  mayRemember(key: string, session: Session): boolean {
    return !this.#isOutdated && !this.#changed.has(key) && !this.#changed.has(session.accountId)
  }

  /** @throws DatabaseUnavailable */
  async read(store: SessionStore): Promise<Map<string, Session>> {
    return store.find(this.#keys)
  }
}
