import type { FastifyReply, FastifyRequest } from 'fastify'
import { HostCookie } from '../http/host-cookie.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'

/** What a browser keeps of a recovery that began there. */
export type RecoveryTicket = {
  token: string
  /** As typed at the beginning; the database keeps only its hash. */
  name: string
}

/** The cookie that binds a recovery to the browser where it began. */
export class RecoveryCookie {
  readonly #cookie: HostCookie

  constructor(settings: { publicOrigin: string | null; validitySeconds: number }) {
    // It outlives the recovery, so that whoever comes back too late need not type the name again.
    const validitySeconds = 2 * settings.validitySeconds
    this.#cookie = new HostCookie({ ...settings, name: 'latchkey_recovery', validitySeconds })
  }

  /** Null when this browser holds none, several, or something that cannot be one. */
  read(request: FastifyRequest): RecoveryTicket | null {
    const [token, name = ''] = (this.#cookie.read(request) ?? '').split('.')
    return isTokenShaped(token) ? { token, name: Buffer.from(name, 'base64url').toString() } : null
  }

  write(reply: FastifyReply, { token, name }: RecoveryTicket): void {
    this.#cookie.write(reply, `${token}.${Buffer.from(name).toString('base64url')}`)
  }

  erase(reply: FastifyReply): void {
    this.#cookie.erase(reply)
  }
}
