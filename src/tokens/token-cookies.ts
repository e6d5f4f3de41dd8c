import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieValues } from '../http/cookie-values.js'
import { HostCookie } from '../http/host-cookie.js'
import { isHttps } from '../http/own-origin.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import type { IssuedTokens } from './token-keeper.js'
import type { TokenRules } from './token-rules.js'

/** The one path at which refresh tokens are of use, so browsers send them nowhere else. */
const refreshPath = '/api/token'

export type TokenCookiesSettings = { publicOrigin: string | null; tokens: Pick<TokenRules, 'accessSeconds'> }

/**
 * The cookies `access_token` and `refresh_token`, for Latchkey's own host alone, whatever domain the session is shared
 * with: an access token that all hosts of a domain get could be shown by one app to another.
 */
export class TokenCookies {
  readonly #publicOrigin: string | null
  readonly #accessCookie: HostCookie

  constructor({ publicOrigin, tokens }: TokenCookiesSettings) {
    this.#publicOrigin = publicOrigin
    this.#accessCookie = new HostCookie({
      name: 'access_token',
      publicOrigin,
      validitySeconds: tokens.accessSeconds,
    })
  }

  /** Every different refresh token that came along: where a domain is shared, other hosts can add some. */
  readRefreshTokens(request: FastifyRequest): string[] {
    const values = cookieValues(request.headers.cookie, this.#refreshName(request))
    return values.filter((value, index) => isTokenShaped(value) && values.indexOf(value) === index)
  }

  write(reply: FastifyReply, { accessToken, refreshToken }: IssuedTokens, now: Date): void {
    this.#accessCookie.write(reply, accessToken.token, accessToken.expiresIn)
    if (refreshToken === null) return
    const remainingSeconds = Math.ceil((refreshToken.expiresAt.getTime() - now.getTime()) / 1000)
    this.#setRefresh(reply, refreshToken.token, remainingSeconds)
  }

  erase(reply: FastifyReply): void {
    this.#accessCookie.erase(reply)
    this.#setRefresh(reply, '', 0)
  }

  /** Not `__Host-`, which would have its path be `/`. */
  #refreshName(request: FastifyRequest): string {
    return isHttps(request, this.#publicOrigin) ? '__Secure-refresh_token' : 'refresh_token'
  }

  #setRefresh(reply: FastifyReply, value: string, maxAge: number): void {
    const cookie = reply.server.serializeCookie(this.#refreshName(reply.request), value, {
      path: refreshPath,
      httpOnly: true,
      sameSite: 'strict',
      secure: isHttps(reply.request, this.#publicOrigin),
      maxAge,
    })
    reply.header('set-cookie', cookie)
  }
}
