import { HashingBusy } from './hashing-busy.js'
import type { HashingLog } from './hashing-log.js'
import { HashingProcess } from './hashing-process.js'
import { HashingUnavailable } from './hashing-unavailable.js'
import type { HashingWork } from './hashing-work.js'

const FIRST_GUESS_MS = 50
const WEIGHT_OF_LATEST = 0.1
// In a storm the process gets jobs ahead and answers several at once: hashing leaves nothing of the web process in the
// processor's caches, so each time it wakes between two hashes costs it more than the sign-in itself.
const STORM_SIZE = 8
const AHEAD_IN_STORM = 4

type HashingQueueOptions = {
  concurrency: number
  queueLimit: number
  silenceLimitMs: number
  log: HashingLog
}

type HashingJob = {
  work: HashingWork
  signal: AbortSignal | undefined
  sentAt: number
  losses: number
  resolve: (value: string | boolean) => void
  reject: (reason: unknown) => void
}

/**
 * Lets `concurrency` jobs at a time into the hashing process (in a storm a few more), in the order they came, and turns people away when
 * more than `queueLimit` others wait. A job whose process dies is done again once: hashing has no side effects.
 */
export class HashingQueue {
  readonly #options: HashingQueueOptions
  readonly #process: HashingProcess
  readonly #inFlight = new Map<number, HashingJob>()
  readonly #answers: (() => void)[] = []
  #waiting = new Set<HashingJob>()
  #lastId = 0
  #meanMs = FIRST_GUESS_MS
  #isClosed = false
  #onEmpty: (() => void) | undefined

  constructor(options: HashingQueueOptions) {
    this.#options = options
    this.#process = new HashingProcess({
      threads: options.concurrency,
      silenceLimitMs: options.silenceLimitMs,
      log: options.log,
      onReady: () => this.#fill(),
      onReply: (reply) => this.#settle(reply.id, 'value' in reply ? reply.value : null),
      onLoss: (isFailing) => this.#recover(isFailing),
    })
  }

  /** Starts the hashing process in the background. */
  start(): void {
    this.#process.start()
  }

  /**
   * Does one piece of work.
   *
   * @param signal when it aborts while the job still waits, the job is dropped and its place is free
   * @returns the new hash for `hash`, whether the password matched for `verify`
   * @throws HashingBusy, HashingUnavailable, or the reason of `signal`
   */
  run(work: HashingWork, signal?: AbortSignal): Promise<string | boolean> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted()
      this.demandRoom()
      this.#enqueue({ work, signal, sentAt: 0, losses: 0, resolve, reject })
    })
  }

  /**
   * Says early whether `run` would refuse.
   *
   * @throws HashingBusy, HashingUnavailable
   */
  demandRoom(): void {
    if (this.#isClosed) throw new HashingUnavailable('it was shut down')
    if (this.#process.isFailing) throw this.#failing()
    const { concurrency, queueLimit } = this.#options
    if (this.#inFlight.size + this.#waiting.size >= concurrency + queueLimit)
      throw new HashingBusy(spread(this.#secondsUntilServed()))
  }

  /** Finishes every job already accepted, refuses new ones, and ends the process. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (!this.#isEmpty()) await new Promise<void>((resolve) => (this.#onEmpty = resolve))
    await this.#process.end()
  }

  #enqueue(job: HashingJob): void {
    const { signal, resolve, reject } = job
    const leave = (): void => {
      if (this.#waiting.delete(job)) job.reject(signal?.reason)
    }
    const part = (): void => {
      signal?.removeEventListener('abort', leave)
      this.#announceEmpty()
    }
    job.resolve = (value) => (part(), resolve(value))
    job.reject = (reason) => (part(), reject(reason))
    signal?.addEventListener('abort', leave)
    this.#waiting.add(job)
    this.#process.start()
    this.#fill()
  }

  #fill(): void {
    for (const job of this.#waiting) {
      if (!this.#process.isReady || this.#inFlight.size >= this.#mostInFlight()) return
      this.#waiting.delete(job)
      this.#lastId += 1
      job.sentAt = performance.now()
      this.#inFlight.set(this.#lastId, job)
      this.#process.send({ id: this.#lastId, work: job.work })
    }
  }

  #mostInFlight(): number {
    const { concurrency } = this.#options
    return this.#waiting.size > STORM_SIZE ? concurrency + AHEAD_IN_STORM : concurrency
  }

  #settle(id: number, value: string | boolean | null): void {
    const job = this.#inFlight.get(id)
    if (!job) return
    this.#inFlight.delete(id)
    this.#meanMs += WEIGHT_OF_LATEST * (performance.now() - job.sentAt - this.#meanMs)
    this.#fill()
    this.#answers.push(() => {
      if (value === null) job.reject(new HashingUnavailable('argon2 failed, perhaps for want of memory'))
      else job.resolve(value)
    })
    if (this.#answers.length === 1) setImmediate(() => this.#answerNext())
  }

  /** Of several replies that come at once, each sign-in goes on in a turn of its own: others are served in between. */
  #answerNext(): void {
    this.#answers.shift()?.()
    if (this.#answers.length > 0) setImmediate(() => this.#answerNext())
  }

  #recover(isFailing: boolean): void {
    const lost = [...this.#inFlight.values()]
    this.#inFlight.clear()
    for (const job of lost) job.losses += 1
    const again = lost.filter((job) => job.losses < 2 && !job.signal?.aborted)
    const hopeless = lost.filter((job) => !again.includes(job))
    const waiting = [...again, ...this.#waiting]
    this.#waiting = new Set(isFailing ? [] : waiting)
    for (const job of hopeless) job.reject(new HashingUnavailable('its process died'))
    if (isFailing) for (const job of waiting) job.reject(this.#failing())
  }

  #failing(): HashingUnavailable {
    return new HashingUnavailable(
      'its process keeps dying',
      Math.max(1, Math.ceil(this.#process.pauseMs / 1000)),
    )
  }

  #secondsUntilServed(): number {
    const jobs = this.#inFlight.size + this.#waiting.size
    return Math.max(1, Math.ceil(((jobs / this.#options.concurrency) * this.#meanMs) / 1000))
  }

  #isEmpty(): boolean {
    return this.#inFlight.size + this.#waiting.size === 0
  }

  #announceEmpty(): void {
    if (this.#isEmpty()) this.#onEmpty?.()
  }
}

/** Whoever is turned away at one moment should not come back at one moment. */
function spread(seconds: number): number {
  return seconds + Math.floor(Math.random() * (seconds + 1))
}
