import type { FastifyBaseLogger } from 'fastify'

/**
 * The logger of one request, made only when that request has something to tell: making it costs more than looking up
 * a session does, and hardly any request logs.
 */
export class LazyLogger implements FastifyBaseLogger {
  readonly #open: () => FastifyBaseLogger
  #opened: FastifyBaseLogger | undefined

  constructor(open: () => FastifyBaseLogger) {
    this.#open = open
  }

  get level(): string {
    return this.#logger.level
  }

  child(...given: Parameters<FastifyBaseLogger['child']>): FastifyBaseLogger {
    return this.#logger.child(...given)
  }

  fatal(...given: unknown[]): void {
    Reflect.apply(this.#logger.fatal, this.#logger, given)
  }

  error(...given: unknown[]): void {
    Reflect.apply(this.#logger.error, this.#logger, given)
  }

  warn(...given: unknown[]): void {
    Reflect.apply(this.#logger.warn, this.#logger, given)
  }

  info(...given: unknown[]): void {
    Reflect.apply(this.#logger.info, this.#logger, given)
  }

  debug(...given: unknown[]): void {
    Reflect.apply(this.#logger.debug, this.#logger, given)
  }

  trace(...given: unknown[]): void {
    Reflect.apply(this.#logger.trace, this.#logger, given)
  }

  silent(...given: unknown[]): void {
    Reflect.apply(this.#logger.silent, this.#logger, given)
  }

  get #logger(): FastifyBaseLogger {
    this.#opened ??= this.#open()
    return this.#opened
  }
}
