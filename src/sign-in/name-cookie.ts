import type { FastifyReply, FastifyRequest } from 'fastify'
import { HostCookie } from '../http/host-cookie.js'

/** Long enough to find the new password again; whoever comes later types the name. */
const validitySeconds = 600

/**
 * Keeps the name that somebody has typed on their way here for the login form, just as they typed it: what belongs to it
 * is not told. Not in the address, which others write down.
 */
export class NameCookie {
  readonly #cookie: HostCookie

  constructor(settings: { publicOrigin: string | null }) {
    this.#cookie = new HostCookie({ ...settings, name: 'latchkey_name', validitySeconds })
  }

  /** Empty when this browser holds none. */
  read(request: FastifyRequest): string {
    return Buffer.from(this.#cookie.read(request) ?? '', 'base64url').toString()
  }

  write(reply: FastifyReply, name: string): void {
    this.#cookie.write(reply, Buffer.from(name).toString('base64url'))
  }
}
