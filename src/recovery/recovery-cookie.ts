import type { FastifyReply, FastifyRequest } from 'fastify'
import { HostCookie } from '../http/host-cookie.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'

/** What a browser keeps of a recovery that began there. */
export type RecoveryTicket = {
  token: string
  /** As typed at the beginning; the database keeps only its hash. */
  name: string
  /** To the security questions, as far as they were given. */
  answers: string[]
}

/**
 * The cookie that binds a recovery to the browser where it began. The answers travel in it, not in the forms, so that
 * each question is a page of its own, which can be reloaded and gone back to.
 */
export class RecoveryCookie {
  readonly #cookie: HostCookie

  constructor(settings: { publicOrigin: string | null; validitySeconds: number }) {
    // It outlives the recovery, so that whoever comes back too late need not type the name again.
    const validitySeconds = 2 * settings.validitySeconds
    this.#cookie = new HostCookie({ ...settings, name: 'latchkey_recovery', validitySeconds })
  }

  /** Null when this browser holds none, several, or something that cannot be one. */
  read(request: FastifyRequest): RecoveryTicket | null {
    const parts = (this.#cookie.read(request) ?? '').split('.')
    const [token, name = '', ...answers] = parts
    return isTokenShaped(token) ? { token, name: decode(name), answers: answers.map(decode) } : null
  }

  write(reply: FastifyReply, { token, name, answers }: RecoveryTicket): void {
    this.#cookie.write(reply, [token, ...[name, ...answers].map(encode)].join('.'))
  }

  erase(reply: FastifyReply): void {
    this.#cookie.erase(reply)
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function decode(text: string): string {
  return Buffer.from(text, 'base64url').toString()
}
