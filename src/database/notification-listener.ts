import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseConnection } from './database-connection.js'
import { ListeningConnection } from './listening-connection.js'

const shortestPauseMs = 100
const longestPauseMs = 5_000
const farewellMs = 1_000

/** Who hears: the messages in the order of commits, and before them and after each gap that some may be missing. */
export type Hearer = { hear: (message: string) => void; forgetAll: () => void }

/** The part of a pino logger that is used here. */
export type ListenerLog = {
  warn: (details: object, message: string) => void
  info: (details: object, message: string) => void
}

export type ListenerSettings = {
  connection: DatabaseConnection
  channel: string
  /** Runs a statement on another connection to the same database. */
  sendFromElsewhere: (statement: string) => Promise<unknown>
  /** Whether the database sends notifications at all: before its tables are made it does not. */
  isReady: () => Promise<boolean>
  log: ListenerLog
}

/**
 * Listens to a channel of Postgres on a connection of its own, and makes a new one whenever that is lost. At any
 * moment it can say whether it is known to hear everything.
 */
export class NotificationListener {
  readonly #settings: ListenerSettings
  readonly #leaving = new AbortController()
  #connection: ListeningConnection | null = null
  #run: Promise<void> = Promise.resolve()
  #isHeard = true

  constructor(settings: ListenerSettings) {
    this.#settings = settings
  }

  start(hearer: Hearer): void {
    this.#run = this.#keepListening(hearer)
  }

  /**
   * Whether everything that was committed until `longestSilenceMs` ago has been heard. To be asked before each
   * answer from memory: being asked is what keeps the connection proven.
   */
  isCurrent(): boolean {
    return this.#connection?.isCurrent() === true
  }

  /** Stops listening; does not wait for a database that does not answer. Idempotent. */
  async close(): Promise<void> {
    this.#leaving.abort()
    await Promise.race([this.#run, pause(farewellMs, undefined, { ref: false })])
  }

  async #keepListening(hearer: Hearer): Promise<void> {
    const { signal } = this.#leaving
    let pauseMs = shortestPauseMs
    while (!signal.aborted) {
      try {
        if (await this.#settings.isReady()) {
          await this.#listen(hearer, () => (pauseMs = shortestPauseMs))
        }
      } catch (error) {
        if (!signal.aborted) this.#sayUnheard(error)
      }
      await pause(pauseMs, undefined, { signal }).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
  }

  async #listen(hearer: Hearer, onSuccess: () => void): Promise<never> {
    const { signal } = this.#leaving
    const { connection: address, channel, sendFromElsewhere } = this.#settings
    signal.throwIfAborted()
    const connection = new ListeningConnection(address, channel, (message) => hearer.hear(message))
    const leave = () => void connection.close()
    signal.addEventListener('abort', leave)
    try {
      await connection.open(sendFromElsewhere)
      hearer.forgetAll()
      this.#connection = connection
      onSuccess()
      this.#sayHeard()
      return await connection.untilLost()
    } finally {
      this.#connection = null
      signal.removeEventListener('abort', leave)
      await connection.close()
    }
  }

  // Said once, however often it is tried.
  #sayUnheard(error: unknown): void {
    if (!this.#isHeard) return
    this.#isHeard = false
    const { log, channel } = this.#settings
    const reason = error instanceof Error ? error.message : String(error)
    log.warn(
      { channel },
      `nothing is answered from memory, as changes in the database are not heard: ${reason}`,
    )
  }

  #sayHeard(): void {
    if (this.#isHeard) return
    this.#isHeard = true
    const { log, channel } = this.#settings
    log.info({ channel }, 'changes in the database are heard again')
  }
}
