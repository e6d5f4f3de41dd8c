import type { FastifyReply, FastifyRequest } from 'fastify'
import { HostCookie } from '../http/host-cookie.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'

/**
 * The cookie that binds a sign-in under way, or a proof, to the browser where the password was entered. It signs nobody in.
 */
export class PendingSignInCookie {
  readonly #cookie: HostCookie

  constructor(settings: {
    name: 'latchkey_sign_in' | 'latchkey_proof'
    publicOrigin: string | null
    validitySeconds: number
  }) {
    // It outlives the sign-in, so that whoever comes back too late is told so.
    const validitySeconds = 2 * settings.validitySeconds
    this.#cookie = new HostCookie({ ...settings, validitySeconds })
  }

  /** Null when this browser holds none, several, or something that cannot be one. */
  read(request: FastifyRequest): string | null {
    const token = this.#cookie.read(request)
    return isTokenShaped(token) ? token : null
  }

  write(reply: FastifyReply, token: string): void {
    this.#cookie.write(reply, token)
  }

  erase(reply: FastifyReply): void {
    this.#cookie.erase(reply)
  }
}
