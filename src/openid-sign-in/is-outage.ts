/** What the library says of a provider that gave no answer, or one of another kind than it should. */
const outages = new Set<unknown>([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
])

/** Whether a provider could not be reached or is not well, so that the same may go well a little later. */
export function isOutage(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false
  if (cause instanceof TypeError) return cause.message === 'fetch failed'
  return 'code' in cause && outages.has(cause.code)
}
