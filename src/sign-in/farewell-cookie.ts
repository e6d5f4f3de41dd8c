import type { FastifyReply, FastifyRequest } from 'fastify'
import { HostCookie } from '../http/host-cookie.js'

/** What this browser has just done that leads to the login page. */
export type Farewell =
  | { kind: 'signedOut' }
  | { kind: 'accountDeleted' }
  /** All but the second step was right, and that did not come in time. */
  | { kind: 'signInOver' }
  | { kind: 'passwordReset'; /** As typed for it; what belongs to it is not told. */ typedName: string }

/** Long enough for a slow connection. */
const validitySeconds = 600

/**
 * Hands on to the login page what it has to say, once. Not in the address: anybody can make a link, and others write
 * addresses down.
 */
export class FarewellCookie {
  readonly #cookie: HostCookie

  constructor(settings: { publicOrigin: string | null }) {
    this.#cookie = new HostCookie({ ...settings, name: 'latchkey_farewell', validitySeconds })
  }

  write(reply: FastifyReply, farewell: Farewell): void {
    const name = 'typedName' in farewell ? farewell.typedName : ''
    this.#cookie.write(reply, `${farewell.kind}.${Buffer.from(name).toString('base64url')}`)
  }

  /** Reads it and takes it back, so that it is said once; null when this browser holds none. */
  take(request: FastifyRequest, reply: FastifyReply): Farewell | null {
    const value = this.#cookie.read(request)
    if (value === null) return null
    this.#cookie.erase(reply)
    const [kind = '', name = ''] = value.split('.')
    switch (kind) {
      case 'signedOut':
      case 'accountDeleted':
      case 'signInOver':
        return { kind }
      case 'passwordReset':
        return { kind, typedName: Buffer.from(name, 'base64url').toString() }
      default:
        return null
    }
  }
}
