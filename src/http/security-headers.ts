import type { FastifyReply, FastifyRequest } from 'fastify'
import { isHttps } from './own-origin.js'

const oneYearSeconds = 31_536_000
const hsts = { 'strict-transport-security': `max-age=${oneYearSeconds}; includeSubDomains` }

export type SecurityHeadersSettings = {
  publicOrigin: string | null
  /** Content-Security-Policy sources that a form may lead to; the same array until something changes. */
  formTargets: () => readonly string[]
}

/** The headers over either scheme. */
type Made = Record<'http' | 'https', Record<string, string>> & { formTargets: readonly string[] }

const forAll = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }

/** They tell a browser what may be done with what it is sent. */
const forContent = {
  'x-frame-options': 'DENY',
  // Not no-referrer: with it, browsers send `Origin: null` with Latchkey's own forms.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
}
const contentSecurityPolicy = 'content-security-policy'

/** Puts the same protective headers on every answer with content: OWASP ASVS 5.0, chapter V3.4. */
export class SecurityHeaders {
  /**
   * Of an answer without content, names and values in turn, as Node takes them; only where `publicOrigin` tells the
   * scheme.
   */
  readonly ofNoContent: readonly string[]
  readonly #settings: SecurityHeadersSettings
  #made: Made

  constructor(settings: SecurityHeadersSettings) {
    this.#settings = settings
    const isPublicHttps = isHttps({ protocol: 'http' }, settings.publicOrigin)
    this.ofNoContent = Object.entries({ ...forAll, ...(isPublicHttps ? hsts : {}) }).flat()
    this.#made = this.#make(settings.formTargets())
  }

  put(request: FastifyRequest, reply: FastifyReply): void {
    reply.headers(this.#current()[isHttps(request, this.#settings.publicOrigin) ? 'https' : 'http'])
  }

  #current(): Made {
    const formTargets = this.#settings.formTargets()
    if (formTargets !== this.#made.formTargets) this.#made = this.#make(formTargets)
    return this.#made
  }

  #make(formTargets: readonly string[]): Made {
    const http: Record<string, string> = {
      [contentSecurityPolicy]: this.#contentSecurityPolicy(formTargets),
      ...forAll,
      ...forContent,
    }
    return { formTargets, http, https: { ...http, ...hsts } }
  }

  #contentSecurityPolicy(formTargets: readonly string[]): string {
    // Chromium holds redirects after a form to form-action too: hence the apps in it, and Latchkey's own address for
    // people who have opened it under another.
    const own = this.#settings.publicOrigin === null ? ["'self'"] : ["'self'", this.#settings.publicOrigin]
    return [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      "img-src 'self'",
      // The login page asks what to ask a browser for whose passkeys it offers.
      "connect-src 'self'",
      `form-action ${[...own, ...formTargets].join(' ')}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; ')
  }
}

/** Takes away what an answer without content has no use for. */
export function clearForNoContent(reply: FastifyReply): FastifyReply {
  for (const name of [contentSecurityPolicy, ...Object.keys(forContent)]) reply.removeHeader(name)
  return reply
}
