import type { FastifyBaseLogger } from 'fastify'
import { DatabaseUnavailable } from '../database/database-unavailable.js'
import type { SecurityEvent } from './security-event.js'
import type { SecurityEventStore } from './security-event-store.js'

const gatheringMs = 200
/** While the database is away. */
const retryMs = 5_000
/** So many events wait at most; of more, those that have waited longest are lost. */
const mostWaiting = 10_000

/**
 * Writes down events that nothing else depends on, a little later and many in one statement, so that nobody waits for
 * that and no request fails by it. Events that belong to a change in the database are added within its transaction
 * instead, by `SecurityEventStore`.
 */
export class SecurityEventRecorder {
  readonly #store: SecurityEventStore
  readonly #log: Pick<FastifyBaseLogger, 'warn'>
  #waiting: SecurityEvent[] = []
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #isFailing = false

  constructor(store: SecurityEventStore, log: Pick<FastifyBaseLogger, 'warn'>) {
    this.#store = store
    this.#log = log
  }

  /** Takes an event to be written soon. Does not wait and does not fail. */
  note(event: SecurityEvent): void {
    if (this.#waiting.length >= mostWaiting) this.#waiting.shift()
    this.#waiting.push(event)
    this.#schedule(gatheringMs)
  }

  /** Writes what was noted until now, as far as the database can be had. Does not fail. */
  async flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write())
    await this.#writing
  }

  /** Writes what is left. Nothing may be noted afterwards. */
  async stop(): Promise<void> {
    await this.flush()
    clearTimeout(this.#timer)
  }

  #schedule(ms: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), ms).unref()
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#waiting
    if (events.length === 0) return
    this.#waiting = []
    try {
      await this.#store.add(events)
      this.#isFailing = false
    } catch (error) {
      const mayHelpLater = error instanceof DatabaseUnavailable
      const said = mayHelpLater ? 'security events wait for the database' : 'security events were not written'
      // Said once, however often it is tried.
      if (!this.#isFailing) this.#log.warn({ err: error }, said)
      this.#isFailing = true
      // What the database refuses it would refuse again.
      if (!mayHelpLater) return
      this.#waiting = [...events, ...this.#waiting].slice(-mostWaiting)
      this.#schedule(retryMs)
    }
  }
}
