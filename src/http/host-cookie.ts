import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieValues } from './cookie-values.js'
import { isHttps } from './own-origin.js'

export type HostCookieSettings = { name: string; publicOrigin: string | null; validitySeconds: number }

/**
 * A cookie for Latchkey's own host alone, whatever domain the session is shared with. On https its name begins with
 * `__Host-`, so that no other host can set it.
 */
export class HostCookie {
  readonly #settings: HostCookieSettings

  constructor(settings: HostCookieSettings) {
    this.#settings = settings
  }

  /** What this browser holds, as it was written; null when it holds nothing, or several. */
  read(request: FastifyRequest): string | null {
    const [value, ...others] = cookieValues(request.headers.cookie, this.#name(request))
    return value !== undefined && others.length === 0 ? value : null
  }

  /**
   * @param value of characters that need no encoding, such as base64url
   * @param validitySeconds when this one lasts for another time
   */
  write(reply: FastifyReply, value: string, validitySeconds = this.#settings.validitySeconds): void {
    this.#set(reply, value, validitySeconds)
  }

  erase(reply: FastifyReply): void {
    this.#set(reply, '', 0)
  }

  #set(reply: FastifyReply, value: string, maxAge: number): void {
    const cookie = reply.server.serializeCookie(this.#name(reply.request), value, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: isHttps(reply.request, this.#settings.publicOrigin),
      maxAge,
    })
    reply.header('set-cookie', cookie)
  }

  #name(request: FastifyRequest): string {
    const { name, publicOrigin } = this.#settings
    return isHttps(request, publicOrigin) ? `__Host-${name}` : name
  }
}
