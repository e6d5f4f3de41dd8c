import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SessionCookie } from '../http/session-cookie.js'
import { RecentlyUsed, type Remembered } from '../sessions/recently-used.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { Session } from '../sessions/session-store.js'
import type { Gatekeeper } from './gatekeeper.js'
import { gates, type Gate } from './gates.js'
import { remoteHeaders } from './remote-headers.js'

export type GateShortcutParts = {
  sessionCookie: SessionCookie
  sessionKeeper: SessionKeeper
  gatekeeper: Gatekeeper
  /** How many passes are kept, and with each the token that shows it; 0 keeps none. */
  size: number
}

/** What need not be made anew for a token that comes again. It says nothing of whether its session still counts. */
type Pass = {
  held: Remembered<Session>
  /** Of the whole answer: names and values in turn. */
  headers: string[]
}

/**
 * Lets in whom memory knows, as the `GateHandler` would, but before Fastify: every request of every app passes here,
 * and routes, hooks and replies cost more than finding the session does. Whoever else comes is left to the `GateHandler`.
 */
export class GateShortcut {
  readonly #parts: GateShortcutParts
  /** By tokens, so that none is hashed anew for each question. */
  readonly #passes: RecentlyUsed<Pass>

  constructor(parts: GateShortcutParts) {
    this.#parts = parts
    this.#passes = new RecentlyUsed(parts.size)
  }

  /**
   * @param headers of every answer without content: names and values in turn, always the same
   * @returns whether the request is answered; if not, nothing was written
   */
  answer(req: IncomingMessage, res: ServerResponse, headers: readonly string[]): boolean {
    // Nearly all proxies ask by these.
    if (req.method !== 'GET' && req.method !== 'HEAD') return false
    const gate = gateAt(req.url ?? '')
    if (gate === undefined) return false
    const { gatekeeper, sessionCookie, sessionKeeper } = this.#parts
    const question = gatekeeper.read(gate, req)
    if (question.kind === 'refused') return false
    // The protocol is not asked for: without PUBLIC_URL, which tells it, the question was refused.
    const token = sessionCookie.read({ headers: req.headers, protocol: 'https' })
    const pass = token === null ? null : this.#passOf(token, headers)
    if (pass === null) return false
    const session = sessionKeeper.reuse(pass.held)
    if (session === null || !gatekeeper.permits(question.target, session)) return false
    // A list, which Node sends as it is: an object of as many headers takes it longer than all the rest.
    res.writeHead(200, pass.headers).end()
    return true
  }

  #passOf(token: string, headers: readonly string[]): Pass | null {
    const known = this.#passes.get(token)
    if (known !== undefined && !known.held.isForgotten) return known
    const held = this.#parts.sessionKeeper.hold(token)
    if (held === null) {
      this.#passes.delete(token)
      return null
    }
    const person = Object.entries(remoteHeaders(held.value)).flat()
    const pass = { held, headers: [...headers, ...person, 'content-length', '0'] }
    this.#passes.set(copyOf(token), pass)
    return pass
  }
}

/** What is cut out of a text keeps all of it in memory: here a header with the cookies of every app. */
function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

/** The gate that this address leads to, with a query or without. */
function gateAt(address: string): Gate | undefined {
  return gates.find(({ url }) => {
    const end = address[url.length]
    return (end === undefined || end === '?') && address.startsWith(url)
  })
}
