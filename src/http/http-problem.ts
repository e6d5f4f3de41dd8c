/** What can be wrong with a request beyond Fastify's own errors; the error page has words for each. */
export type HttpProblemCode =
  | 'crossSite'
  | 'invalidHost'
  | 'methodNotAllowed'
  | 'jsonNotUtf8'
  | 'jsonMalformed'
  | 'jsonNotObject'
  | 'jsonNotText'
  | 'jsonReservedName'
  | 'jsonRepeatedName'

/** A request that is refused before any handler: thrown, answered with `statusCode` by the error handler. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly statusCode: number
  readonly code: HttpProblemCode

  constructor(statusCode: number, code: HttpProblemCode) {
    super(code)
    this.statusCode = statusCode
    this.code = code
  }
}
