/**
 * What the log tells of a library's complaint: words and code, and those of what was behind it. The complaint itself holds
 * what was answered, names and addresses of people included.
 */
export function describeCause(cause: unknown): { reason: string; code?: string } {
  if (!(cause instanceof Error)) return { reason: String(cause) }
  const behind = cause.cause instanceof Error ? `: ${cause.cause.message}` : ''
  return { reason: cause.message + behind, ...('code' in cause ? { code: String(cause.code) } : {}) }
}
