import type { FastifyReply, FastifyRequest } from 'fastify'
import { HostCookie } from '../http/host-cookie.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'

/** A cookie that holds one token, for Latchkey's own host. It signs nobody in. */
export class OpenidCookie {
  readonly #cookie: HostCookie

  /** @param settings.name `latchkey_errand` binds errands to a browser, `latchkey_newcomer` who they came back as */
  constructor(settings: {
    name: 'latchkey_errand' | 'latchkey_newcomer'
    publicOrigin: string | null
    validitySeconds: number
  }) {
    // It outlives what it stands for, so that whoever comes back too late is told so, and finds back.
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
