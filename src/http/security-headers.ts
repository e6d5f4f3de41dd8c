import type { FastifyReply, FastifyRequest } from 'fastify'
import { isHttps } from './own-origin.js'

const oneYearSeconds = 31_536_000
const hsts = { 'strict-transport-security': `max-age=${oneYearSeconds}; includeSubDomains` }

export type SecurityHeadersSettings = {
  publicOrigin: string | null
  /** Content-Security-Policy sources that a form may lead to; the same array until something changes. */
  formTargets: () => readonly string[]
}

/** Puts the same protective headers on every answer: OWASP ASVS 5.0, chapter V3.4. */
export class SecurityHeaders {
  readonly #settings: SecurityHeadersSettings
  readonly #headers: Record<string, string>
  #formTargets: readonly string[]

  constructor(settings: SecurityHeadersSettings) {
    this.#settings = settings
    this.#formTargets = settings.formTargets()
    this.#headers = {
      'content-security-policy': this.#contentSecurityPolicy(),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      // Not no-referrer: with it, browsers send `Origin: null` with Latchkey's own forms.
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
      'cache-control': 'no-store',
    }
  }

  put(request: FastifyRequest, reply: FastifyReply): void {
    const formTargets = this.#settings.formTargets()
    if (formTargets !== this.#formTargets) {
      this.#formTargets = formTargets
      this.#headers['content-security-policy'] = this.#contentSecurityPolicy()
    }
    reply.headers(this.#headers)
    if (isHttps(request, this.#settings.publicOrigin)) reply.headers(hsts)
  }

  #contentSecurityPolicy(): string {
    // Chromium holds redirects after a form to form-action too: hence the apps in it, and Latchkey's own address for
    // people who have opened it under another.
    const own = this.#settings.publicOrigin === null ? ["'self'"] : ["'self'", this.#settings.publicOrigin]
    return [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      "img-src 'self'",
      `form-action ${[...own, ...this.#formTargets].join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; ')
  }
}
