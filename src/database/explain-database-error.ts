import { DatabaseUnavailable } from './database-unavailable.js'

const networkCodes = new Set([
  'EACCES',
  'EADDRNOTAVAIL',
  'EAGAIN',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

// Connection failures (08), out of resources (53), operator intervention and time limits (57),
// a standby or a server that has become read-only (25006), idle too long in a transaction (25P03), disk errors (58030).
const sqlStates = /^(?:08...|53...|57014|57P0[1-5]|25006|25P03|58030)$/u

// What `pg` says without a code.
const messages = [
  /^Connection terminated/u,
  /^timeout exceeded when trying to connect$/u,
  /^timeout expired$/u,
  /^Query read timeout$/u,
  /^Client has encountered a connection error and is not queryable$/u,
  /^Client was closed and is not queryable$/u,
  /^Cannot use a pool after calling end on the pool$/u,
]

/**
 * Tells "the database cannot be had now" from every other error of `pg`.
 * @param error what `pg` threw
 * @returns a `DatabaseUnavailable` with the error as its cause, or the error as it was
 */
export function explainDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  return isUnavailable(error) ? new DatabaseUnavailable(error) : error
}

function isUnavailable(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (code === undefined) return messages.some((message) => message.test(error.message))
  return networkCodes.has(code) || sqlStates.test(code)
}
