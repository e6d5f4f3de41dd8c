import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { AllowedOriginStore } from './allowed-origin-store.js'
import { parseOriginPattern, type OriginPattern } from './origin-pattern.js'

/** Half of the second within which a running service learns of a change. */
const readIntervalMs = 500
/** How long a start waits for the first reading; with the database away the setting alone must do. */
const firstReadingMs = 500

export type AllowedOriginsParts = {
  fromSetting: readonly OriginPattern[]
  allowedOriginStore: AllowedOriginStore
  logger: FastifyBaseLogger
}

/**
 * The origins that this service may send browsers to, of the setting and of the database together. It reads the
 * database twice a second, so every node follows the operator's command without a restart. While the database is
 * away, what was last known counts.
 */
export class AllowedOrigins {
  readonly #parts: AllowedOriginsParts
  #patterns: readonly OriginPattern[]
  #sources: readonly string[]
  #known = ''
  #isWarned = false
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  #reading: Promise<void> = Promise.resolve()

  constructor(parts: AllowedOriginsParts) {
    this.#parts = parts
    this.#patterns = parts.fromSetting
    this.#sources = this.#patterns.map((pattern) => pattern.source)
  }

  get patterns(): readonly OriginPattern[] {
    return this.#patterns
  }

  /** As Content-Security-Policy sources; the same array until something changes. */
  get sources(): readonly string[] {
    return this.#sources
  }

  /** Begins to read, and resolves when that was done once, whatever came of it. */
  async start(): Promise<void> {
    this.#readAgain()
    await Promise.race([this.#reading, delay(firstReadingMs, undefined, { ref: false })])
  }

  /** Waits for a reading under way; there is none afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#reading
  }

  #readAgain(): void {
    this.#reading = this.#read().finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.#readAgain(), readIntervalMs).unref()
    })
  }

  async #read(): Promise<void> {
    const { allowedOriginStore, logger } = this.#parts
    try {
      const origins = (await allowedOriginStore.list()).map(({ origin }) => origin)
      this.#isWarned = false
      if (origins.join() !== this.#known) this.#replace(origins)
    } catch (error) {
      // Said once, not twice a second; the table is also missing for a moment while the service migrates.
      if (!this.#isWarned)
        logger.debug({ err: error }, 'allowed origins cannot be read; the last known count')
      this.#isWarned = true
    }
  }

  #replace(origins: readonly string[]): void {
    const fromDatabase = origins.flatMap((origin) => parseOriginPattern(origin) ?? [])
    const known = new Set(this.#parts.fromSetting.map(({ source }) => source))
    this.#patterns = [...this.#parts.fromSetting, ...fromDatabase.filter(({ source }) => !known.has(source))]
    this.#sources = this.#patterns.map(({ source }) => source)
    this.#known = origins.join()
    this.#parts.logger.info({ origins }, 'allowed origins were read from the database')
  }
}
