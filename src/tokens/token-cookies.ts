import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieValues } from '../http/cookie-values.js'
import { isHttps } from '../http/own-origin.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import type { IssuedTokens } from './token-keeper.js'

/** The one path at which refresh tokens are of use, so browsers send them nowhere else. */
const refreshPath = '/api/token'

export type TokenCookiesSettings = {
  publicOrigin: string | null
  /** The domain whose hosts all get the session, and the access token with it; null for Latchkey's own host alone. */
  cookieDomain: string | null
}

/**
 * The cookies `access_token` and `refresh_token`. Apps that get the session get the access token too; the refresh token
 * stays with Latchkey. On https their names begin with `__Host-` or `__Secure-`.
 */
export class TokenCookies {
  readonly #settings: TokenCookiesSettings

  constructor(settings: TokenCookiesSettings) {
    this.#settings = settings
  }

  /** Every different refresh token that came along: with a cookie domain other hosts can add some. */
  readRefreshTokens(request: FastifyRequest): string[] {
    const values = cookieValues(request.headers.cookie, this.#refreshName(request))
    return values.filter((value, index) => isTokenShaped(value) && values.indexOf(value) === index)
  }

  write(reply: FastifyReply, { accessToken, refreshToken }: IssuedTokens, now: Date): void {
    this.#setAccess(reply, accessToken.token, accessToken.expiresIn)
    if (refreshToken === null) return
    const remainingSeconds = Math.ceil((refreshToken.expiresAt.getTime() - now.getTime()) / 1000)
    this.#setRefresh(reply, refreshToken.token, remainingSeconds)
  }

  erase(reply: FastifyReply): void {
    this.#setAccess(reply, '', 0)
    this.#setRefresh(reply, '', 0)
  }

  #setAccess(reply: FastifyReply, value: string, maxAge: number): void {
    const { cookieDomain } = this.#settings
    const domain = cookieDomain === null ? {} : { domain: cookieDomain }
    const prefix = cookieDomain === null ? '__Host-' : '__Secure-'
    const name = this.#isHttps(reply.request) ? `${prefix}access_token` : 'access_token'
    this.#set(reply, name, value, { ...domain, path: '/', sameSite: 'lax', maxAge })
  }

  #setRefresh(reply: FastifyReply, value: string, maxAge: number): void {
    const name = this.#refreshName(reply.request)
    this.#set(reply, name, value, { path: refreshPath, sameSite: 'strict', maxAge })
  }

  #set(
    reply: FastifyReply,
    name: string,
    value: string,
    scope: { domain?: string; path: string; sameSite: 'lax' | 'strict'; maxAge: number },
  ): void {
    const secure = this.#isHttps(reply.request)
    reply.header(
      'set-cookie',
      reply.server.serializeCookie(name, value, { ...scope, httpOnly: true, secure }),
    )
  }

  #refreshName(request: FastifyRequest): string {
    return this.#isHttps(request) ? '__Secure-refresh_token' : 'refresh_token'
  }

  #isHttps(request: FastifyRequest): boolean {
    return isHttps(request, this.#settings.publicOrigin)
  }
}
