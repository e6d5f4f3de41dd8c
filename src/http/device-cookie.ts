import type { FastifyReply, FastifyRequest } from 'fastify'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import { HostCookie } from './host-cookie.js'

/**
 * The cookie by which a browser is known to have signed in here before. It signs nobody in, and stays after signing out.
 */
export class DeviceCookie {
  readonly #cookie: HostCookie

  constructor(settings: { publicOrigin: string | null; validitySeconds: number }) {
    this.#cookie = new HostCookie({ ...settings, name: 'latchkey_device' })
  }

  /** The token this browser holds; null when it holds none, several, or something that cannot be one. */
  read(request: FastifyRequest): string | null {
    const token = this.#cookie.read(request)
    return isTokenShaped(token) ? token : null
  }

  write(reply: FastifyReply, token: string): void {
    this.#cookie.write(reply, token)
  }
}
