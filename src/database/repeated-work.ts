import type { WarningLog } from './database.js'

export type RepeatedWorkParts = {
  work: () => Promise<void>
  intervalSeconds: number
  log: WarningLog
  /** What the log says when a run fails; the next one comes all the same. */
  complaint: string
}

/** Does some work at an interval, one run after the other, whatever becomes of a run. */
export class RepeatedWork {
  readonly #parts: RepeatedWorkParts
  #timer: NodeJS.Timeout | undefined
  #run: Promise<void> = Promise.resolve()

  constructor(parts: RepeatedWorkParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#run = this.#run.then(() => this.#work())
    }, this.#parts.intervalSeconds * 1000).unref()
  }

  /** Waits for a run under way; there is none afterwards. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#run
  }

  async #work(): Promise<void> {
    const { work, log, complaint } = this.#parts
    try {
      await work()
    } catch (error) {
      log.warn({ err: error }, complaint)
    }
  }
}
