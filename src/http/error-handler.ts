import type { FastifyReply, FastifyRequest } from 'fastify'
import { DatabaseUnavailable } from '../database/database-unavailable.js'
import { HashingUnavailable } from '../secrets/hashing-unavailable.js'
import type { ErrorNotice, ErrorPageCreator } from './error-page-creator.js'
import { sendHtml } from './html-reply.js'
import { HttpProblem } from './http-problem.js'
import { sendProblem } from './json-reply.js'
import { prefersJson } from './preferred-format.js'
import { wordProgramError } from './word-program-error.js'

const retryAfterSeconds = 2
const refusalCodes: Partial<Record<number, string>> = { 413: 'tooLarge', 415: 'unsupportedFormat' }

/** Turns whatever was thrown into an answer: a page for browsers, JSON for callers that ask for it. */
export class ErrorHandler {
  readonly #pages: ErrorPageCreator

  constructor(pages: ErrorPageCreator) {
    this.#pages = pages
  }

  /** For `setErrorHandler` and `frameworkErrors`. */
  async handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { statusCode, code } = classify(error)
    if (statusCode >= 500) request.log.error({ err: error }, 'request failed')
    return this.#answer(request, reply, statusCode, code)
  }

  /** For `setNotFoundHandler`. */
  async handleNotFound(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return this.#answer(request, reply, 404, 'notFound')
  }

  async #answer(request: FastifyRequest, reply: FastifyReply, statusCode: number, code: string) {
    reply.header('x-request-id', request.id)
    if (statusCode === 503) reply.header('retry-after', retryAfterSeconds)
    if (prefersJson(request)) {
      const allowed = reply.getHeader('allow')
      const message = wordProgramError({ statusCode, code }, typeof allowed === 'string' ? allowed : null)
      return sendProblem(reply, statusCode, { error: code, message })
    }
    const notice: ErrorNotice = { statusCode, code, requestId: request.id, retryUrl: retryUrl(request) }
    return sendHtml(reply, statusCode, await this.#pages.buildErrorPage(notice))
  }
}

function classify(error: unknown): { statusCode: number; code: string } {
  // 42P01, no such table: the tables are still to be made, by this node or another.
  const hasNoTables = error instanceof Error && 'code' in error && error.code === '42P01'
  if (hasNoTables || error instanceof DatabaseUnavailable || error instanceof HashingUnavailable) {
    return { statusCode: 503, code: 'unavailable' }
  }
  // Nobody reads this answer any more; nginx's number for it.
  if (error instanceof Error && error.name === 'AbortError') return { statusCode: 499, code: 'clientGone' }
  if (error instanceof HttpProblem) return { statusCode: error.statusCode, code: error.code }
  const statusCode = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  // Only Fastify's own refusals carry a status here; anything else is our fault.
  return statusCode >= 400 && statusCode < 500
    ? { statusCode, code: refusalCodes[statusCode] ?? 'invalidRequest' }
    : { statusCode: 500, code: 'internal' }
}

/** The same page again with its query, so that the destination survives; null for an address that is no page. */
function retryUrl(request: FastifyRequest): string | null {
  const path = request.routeOptions.url
  if (path === undefined) return null
  const query = request.url.indexOf('?')
  return query === -1 ? path : path + request.url.slice(query)
}
