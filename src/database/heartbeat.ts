import { Moment } from './moment.js'

/**
 * What was heard is complete up to this many milliseconds ago at most, or nothing is answered from memory. An interval
 * and the time for an answer fit in, so that a late beat makes no gap.
 */
export const longestSilenceMs = 2_500

const intervalMs = 1_000
const answerWithinMs = 1_000

/**
 * Tells how long ago a listener is known to have heard everything. It has beats sent to the listener itself: as
 * Postgres delivers in the order of commits, all that was committed before one that has come back has been heard.
 * It beats only while somebody asks: an idle service leaves the database alone.
 */
export class Heartbeat {
  readonly #send: (beat: string) => void
  #count = 0
  #lastSent: Moment | null = null
  #awaited: string | null = null
  #completeUpTo: Moment | null = null
  #hasBeenAsked = false

  /** @param send has a notification with this text sent to the listener */
  constructor(send: (beat: string) => void) {
    this.#send = send
  }

  /** Whether everything that was committed until `longestSilenceMs` ago has been heard. */
  isCurrent(): boolean {
    this.#hasBeenAsked = true
    // By the clock at each question, never by a timer: a process that was stopped wakes up with requests to answer.
    if (this.#completeUpTo?.isWithin(longestSilenceMs) === true) return true
    this.beat()
    return false
  }

  /** Sends a beat, unless one is on its way. */
  beat(): void {
    if (this.#awaited !== null) return
    this.#hasBeenAsked = false
    this.#count += 1
    this.#awaited = String(this.#count)
    this.#lastSent = new Moment()
    this.#send(this.#awaited)
  }

  /** Takes a beat that came back. */
  hear(beat: string): void {
    if (beat !== this.#awaited) return
    this.#completeUpTo = this.#lastSent
    this.#awaited = null
  }

  /** To be called several times a second. False when a beat has not come back in time: the listener is deaf. */
  keep(): boolean {
    if (this.#awaited !== null) return this.#lastSent?.isWithin(answerWithinMs) === true
    if (this.#hasBeenAsked && this.#lastSent?.isWithin(intervalMs) !== true) this.beat()
    return true
  }
}
