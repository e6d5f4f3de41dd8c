import type { FastifyReply, FastifyRequest } from 'fastify'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import { cookieValues } from './cookie-values.js'
import { isHttps } from './own-origin.js'

const hostCookie = '__Host-latchkey_device'
const plainCookie = 'latchkey_device'

/**
 * The cookie by which a browser is known to have signed in here before. It signs nobody in, stays after signing out,
 * and is for Latchkey's own host alone, whatever domain the session is shared with.
 */
export class DeviceCookie {
  readonly #publicOrigin: string | null
  readonly #validitySeconds: number

  constructor(settings: { publicOrigin: string | null; validitySeconds: number }) {
    this.#publicOrigin = settings.publicOrigin
    this.#validitySeconds = settings.validitySeconds
  }

  /** The token this browser holds; null when it holds none, several, or something that cannot be one. */
  read(request: FastifyRequest): string | null {
    const [token, ...others] = cookieValues(request.headers.cookie, this.#name(request))
    return token !== undefined && others.length === 0 && isTokenShaped(token) ? token : null
  }

  write(reply: FastifyReply, token: string): void {
    const cookie = reply.server.serializeCookie(this.#name(reply.request), token, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: isHttps(reply.request, this.#publicOrigin),
      maxAge: this.#validitySeconds,
    })
    reply.header('set-cookie', cookie)
  }

  #name(request: FastifyRequest): string {
    return isHttps(request, this.#publicOrigin) ? hostCookie : plainCookie
  }
}
