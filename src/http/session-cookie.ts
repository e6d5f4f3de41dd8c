import type { FastifyReply, FastifyRequest } from 'fastify'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import { cookieValues } from './cookie-values.js'
import { isIpHostname } from './is-ip-hostname.js'
import { isHttps, ownOrigin } from './own-origin.js'

/** Browsers keep no cookie longer: RFC 6265bis, section 5.5. */
export const longestCookieSeconds = 400 * 24 * 3600

const hostCookie = '__Host-latchkey_session'
const domainCookie = '__Secure-latchkey_session'
const plainCookie = 'latchkey_session'

/** What must be known of a request to read the cookie. */
export type Asking = { headers: { cookie?: string | undefined }; protocol: FastifyRequest['protocol'] }

export type SessionCookieSettings = {
  publicOrigin: string | null
  /** The domain whose hosts all get the cookie; null for Latchkey's own host alone. */
  cookieDomain: string | null
}

/**
 * The cookie that carries the session token. On https it is `__Host-` prefixed, which no other host and no other
 * path can overwrite; browsers accept that prefix on https only, so plain http (a first try on localhost) goes without.
 * With a cookie domain every host below it gets the cookie, and every host below it can also set one of that name:
 * whoever runs an app there is trusted with the sessions of its visitors. Signing in and out clears others away.
 */
export class SessionCookie {
  readonly #publicOrigin: string | null
  readonly #domain: string | undefined

  constructor(settings: SessionCookieSettings) {
    this.#publicOrigin = settings.publicOrigin
    this.#domain = settings.cookieDomain ?? undefined
  }

  /** The token this browser holds; null when it holds none, several, or something that cannot be one. */
  read(request: Asking): string | null {
    const tokens = this.readAll(request)
    return tokens.length === 1 ? (tokens[0] ?? null) : null
  }

  /** Every different token that came along. */
  readAll(request: Asking): string[] {
    const values = cookieValues(request.headers.cookie, this.#name(request))
    return values.filter((value, index) => isTokenShaped(value) && values.indexOf(value) === index)
  }

  /** Hands the token to the browser until `expiresAt`, or for the 400 days that browsers allow; visits renew it. */
  write(reply: FastifyReply, token: string, expiresAt: Date, now: Date): void {
    const remainingSeconds = Math.floor((expiresAt.getTime() - now.getTime()) / 1000)
    takeBack(reply)
    this.#eraseStrays(reply)
    this.#set(reply, token, Math.min(remainingSeconds, longestCookieSeconds))
  }

  erase(reply: FastifyReply): void {
    takeBack(reply)
    this.#eraseStrays(reply)
    this.#set(reply, '', 0)
  }

  /**
   * Erases session cookies of other scopes that came with this request: those from before `COOKIE_DOMAIN` was changed,
   * and those that another host of the domain put in the way. A browser does not say which scope a cookie has, so all
   * that can reach this path are tried; it ignores the impossible ones.
   */
  #eraseStrays(reply: FastifyReply): void {
    const { request } = reply
    const own = this.#name(request)
    for (const name of [hostCookie, domainCookie, plainCookie]) {
      const expected = name === own ? 1 : 0
      if (cookieValues(request.headers.cookie, name).length <= expected) continue
      const domains = name === hostCookie ? [undefined] : [undefined, ...this.#domainsAround(request)]
      const paths = name === hostCookie ? ['/'] : ['/', request.routeOptions.url ?? '/']
      for (const domain of domains) {
        for (const path of paths) {
          const isOwn = name === own && domain === this.#domain && path === '/'
          if (!isOwn) this.#setScoped(reply, name, '', 0, { domain, path })
        }
      }
    }
  }

  /** This host and the domains above it that a cookie might belong to. */
  #domainsAround(request: FastifyRequest): string[] {
    const { hostname } = new URL(ownOrigin(request, this.#publicOrigin))
    if (isIpHostname(hostname)) return []
    const labels = hostname.split('.')
    return labels.slice(0, -1).map((_label, index) => labels.slice(index).join('.'))
  }

  #set(reply: FastifyReply, value: string, maxAge: number): void {
    const scope = { domain: this.#domain, path: '/' }
    this.#setScoped(reply, this.#name(reply.request), value, maxAge, scope)
  }

  #setScoped(
    reply: FastifyReply,
    name: string,
    value: string,
    maxAge: number,
    { domain, path }: { domain: string | undefined; path: string },
  ): void {
    const secure = isHttps(reply.request, this.#publicOrigin)
    const cookie = reply.server.serializeCookie(name, value, {
      ...(domain === undefined ? {} : { domain }),
      path,
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge,
    })
    reply.header('set-cookie', cookie)
  }

  #name(request: Asking): string {
    if (!isHttps(request, this.#publicOrigin)) return plainCookie
    return this.#domain === undefined ? hostCookie : domainCookie
  }
}

/** Takes back what this answer said of the session before: one answer sets a cookie once (RFC 6265, section 4.1.1). */
function takeBack(reply: FastifyReply): void {
  const lines = [reply.getHeader('set-cookie') ?? []].flat().map(String)
  if (lines.length === 0) return
  const names = [hostCookie, domainCookie, plainCookie]
  reply.removeHeader('set-cookie')
  for (const line of lines) {
    if (!names.some((name) => line.startsWith(`${name}=`))) reply.header('set-cookie', line)
  }
}
