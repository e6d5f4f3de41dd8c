import { setTimeout as delay } from 'node:timers/promises'
import type { WarningLog } from '../database/database.js'
import type { Letter } from './letter.js'
import type { Mailer } from './mailer.js'

// Fewer than the mailer has connections, so that a letter somebody waits for finds one.
const lanes = 2
// Servers that turn a first letter away for a while (greylisting) mostly take it after 5 minutes.
const defaultPauses = [5_000, 30_000, 120_000, 300_000]

/** Words a letter when it is its turn; null when there is nothing to send after all. */
export type LetterWriter = () => Letter | null | Promise<Letter | null>

export type MailOutboxParts = {
  mailer: Mailer
  log: WarningLog
  /** Before each further try, in milliseconds. */
  pausesMs?: readonly number[]
  /** How many letters may be on their way; further ones are dropped. */
  capacity?: number
  /** How long stopping waits for letters on their way, in milliseconds. */
  drainMs?: number
}

type Posted = { write: LetterWriter; failures: number }

/**
 * Sends letters that nobody waits for, so that how long an answer takes tells nothing about them. What fails is tried
 * again a few times; what is left when the process ends is lost. Knows no SMTP.
 */
export class MailOutbox {
  readonly #parts: Required<MailOutboxParts>
  readonly #queue: Posted[] = []
  readonly #resting = new Map<Posted, NodeJS.Timeout>()
  readonly #idleListeners: (() => void)[] = []
  #busy = 0
  #isFull = false
  #isStopping = false

  constructor(parts: MailOutboxParts) {
    this.#parts = { pausesMs: defaultPauses, capacity: 1000, drainMs: 3_000, ...parts }
  }

  /**
   * @param write is called soon, and once: later tries send the same letter
   * @param pauseMs before it is called, for letters whose asker must not notice the work by what they ask for next
   */
  post(write: LetterWriter, pauseMs = 0): void {
    if (this.#isStopping) return this.#parts.log.warn({}, 'a letter was dropped: the service is leaving')
    if (this.#held >= this.#parts.capacity) return this.#overflow()
    this.#isFull = false
    const posted = { write, failures: 0 }
    if (pauseMs > 0) return this.#rest(posted, pauseMs)
    this.#queue.push(posted)
    this.#work()
  }

  /** Waits until no letter is on its way any more. */
  async idle(): Promise<void> {
    if (this.#held > 0) await new Promise<void>((resolve) => this.#idleListeners.push(resolve))
  }

  /** Takes nothing further, tries once more what is on its way, for a few seconds, then has the mailer hang up. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const [posted, timer] of this.#resting) {
      clearTimeout(timer)
      this.#queue.push(posted)
    }
    this.#resting.clear()
    this.#work()
    const patience = new AbortController()
    await Promise.race([this.idle(), delay(this.#parts.drainMs, undefined, { signal: patience.signal })])
    patience.abort()
    if (this.#held > 0)
      this.#parts.log.warn({ letters: this.#held }, 'letters were lost: there was no time to send them')
    this.#queue.length = 0
    await this.#parts.mailer.close()
  }

  get #held(): number {
    return this.#queue.length + this.#resting.size + this.#busy
  }

  #work(): void {
    while (this.#busy < lanes) {
      const posted = this.#queue.shift()
      if (posted === undefined) break
      this.#busy++
      void this.#handle(posted).finally(() => {
        this.#busy--
        this.#work()
      })
    }
    if (this.#held === 0) for (const listener of this.#idleListeners.splice(0)) listener()
  }

  async #handle({ write, failures }: Posted): Promise<void> {
    const { mailer, log } = this.#parts
    try {
      const letter = await write()
      if (letter === null) return
      const { kind } = await mailer.send(letter)
      if (kind === 'failed') this.#tryAgain({ write: () => letter, failures: failures + 1 })
    } catch (error) {
      log.warn({ err: error }, 'a letter was not written')
    }
  }

  #tryAgain(posted: Posted): void {
    const pause = this.#parts.pausesMs[posted.failures - 1]
    if (pause === undefined || this.#isStopping) {
      this.#parts.log.warn({ tries: posted.failures }, 'a letter was given up')
      return
    }
    this.#rest(posted, pause)
  }

  #rest(posted: Posted, pauseMs: number): void {
    const timer = setTimeout(() => {
      this.#resting.delete(posted)
      this.#queue.push(posted)
      this.#work()
    }, pauseMs)
    this.#resting.set(posted, timer)
  }

  #overflow(): void {
    // Said once: whoever makes it overflow must not fill the log too.
    if (!this.#isFull)
      this.#parts.log.warn({}, 'letters are dropped: too many are waiting for the mail server')
    this.#isFull = true
  }
}
