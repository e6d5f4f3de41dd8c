import type { FastifyReply, FastifyRequest } from 'fastify'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import { isHttps } from './own-origin.js'

/** Browsers keep no cookie longer: RFC 6265bis, section 5.5. */
const longestCookieSeconds = 400 * 24 * 3600

/**
 * The cookie that carries the session token. On https it is `__Host-` prefixed, which no other host and no other
 * path can overwrite; browsers accept that prefix on https only, so plain http (a first try on localhost) goes without.
 */
export class SessionCookie {
  readonly #publicOrigin: string | null

  constructor(publicOrigin: string | null) {
    this.#publicOrigin = publicOrigin
  }

  /** The token this browser holds; null when it holds none, or something that cannot be one. */
  read(request: FastifyRequest): string | null {
    const token = request.cookies[this.#name(request)]
    return isTokenShaped(token) ? token : null
  }

  /** Hands the token to the browser until `expiresAt`, or for the 400 days that browsers allow; visits renew it. */
  write(reply: FastifyReply, token: string, expiresAt: Date, now: Date): void {
    const remainingSeconds = Math.floor((expiresAt.getTime() - now.getTime()) / 1000)
    this.#set(reply, token, Math.min(remainingSeconds, longestCookieSeconds))
  }

  erase(reply: FastifyReply): void {
    this.#set(reply, '', 0)
  }

  #set(reply: FastifyReply, value: string, maxAge: number): void {
    const secure = isHttps(reply.request, this.#publicOrigin)
    reply.setCookie(this.#name(reply.request), value, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge,
    })
  }

  #name(request: FastifyRequest): string {
    return isHttps(request, this.#publicOrigin) ? '__Host-latchkey_session' : 'latchkey_session'
  }
}
