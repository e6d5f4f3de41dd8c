import type { WarningLog } from './database.js'

export type UpkeepParts = { intervalSeconds: number; log: WarningLog }

/**
 * What a room has done at an interval, so that nothing is kept that no longer counts: one run after the other, whatever
 * becomes of a run.
 */
export abstract class Upkeep {
  readonly #parts: UpkeepParts
  readonly #complaint: string
  #timer: NodeJS.Timeout | undefined
  #run: Promise<void> = Promise.resolve()

  /** @param complaint what the log says when a run fails; the next one comes all the same */
  constructor(parts: UpkeepParts, complaint: string) {
    this.#parts = parts
    this.#complaint = complaint
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#run = this.#run.then(() => this.#try())
    }, this.#parts.intervalSeconds * 1000).unref()
  }

  /** Waits for a run under way; there is none afterwards. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#run
  }

  /** One run. @throws DatabaseUnavailable */
  abstract sweep(): Promise<void>

  async #try(): Promise<void> {
    try {
      await this.sweep()
    } catch (error) {
      this.#parts.log.warn({ err: error }, this.#complaint)
    }
  }
}
