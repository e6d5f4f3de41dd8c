import type { FastifyInstance } from 'fastify'
import { isHttps } from './own-origin.js'

const oneYearSeconds = 31_536_000

/** Puts the same protective headers on every answer: OWASP ASVS 5.0, chapter V3.4. */
export function addSecurityHeaders(
  app: FastifyInstance,
  settings: { publicOrigin: string | null; formTargets: () => readonly string[] },
): void {
  let formTargets = settings.formTargets()
  const headers = {
    'content-security-policy': contentSecurityPolicy(formTargets),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Not no-referrer: with it, browsers send `Origin: null` with Latchkey's own forms.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'cache-control': 'no-store',
  }
  const hsts = { 'strict-transport-security': `max-age=${oneYearSeconds}; includeSubDomains` }

  app.addHook('onRequest', (request, reply, done) => {
    if (formTargets !== settings.formTargets()) {
      formTargets = settings.formTargets()
      headers['content-security-policy'] = contentSecurityPolicy(formTargets)
    }
    reply.headers(headers)
    if (isHttps(request, settings.publicOrigin)) reply.headers(hsts)
    done()
  })
}

function contentSecurityPolicy(formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    // Chromium holds redirects after a form to form-action too, hence the sibling apps in it.
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
