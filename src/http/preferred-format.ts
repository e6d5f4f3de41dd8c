import type { FastifyRequest } from 'fastify'

/**
 * Whether an error is told as JSON: below `/api/` always, elsewhere when the caller asks for JSON and not for HTML.
 * A browser gets a page, also when it sends no `Accept` at all.
 */
export function prefersJson(request: FastifyRequest): boolean {
  if (request.url.startsWith('/api/')) return true
  const accept = request.headers.accept ?? ''
  return /\bapplication\/([\w.-]+\+)?json\b/i.test(accept) && !/\btext\/html\b/i.test(accept)
}
