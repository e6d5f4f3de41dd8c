import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SessionCookie } from '../http/session-cookie.js'
import { RecentlyUsed, type Remembered } from '../sessions/recently-used.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { Session } from '../sessions/session-store.js'
import { readAskedHeaders } from './asked-headers.js'
import type { Gatekeeper } from './gatekeeper.js'
import { gates } from './gates.js'
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
  /** Of the person: names and values in turn. */
  headers: string[]
}

/** By which nearly all proxies ask. */
const methods = new Set<string | undefined>(['GET', 'HEAD'])

/**
 * Lets in whom memory knows, as the `GateHandler` would, but before Fastify: every request of every app passes here,
 * and routes, hooks and replies cost more than finding the session does. Whoever else comes is left to the `GateHandler`.
 */
export class GateShortcut {
  readonly #parts: GateShortcutParts
  readonly #gates = new Map(gates.map((gate) => [gate.url, gate]))
  /** By tokens, so that none is hashed anew for each question. */
  readonly #passes: RecentlyUsed<Pass>

  constructor(parts: GateShortcutParts) {
    this.#parts = parts
    this.#passes = new RecentlyUsed(parts.size)
  }

  /**
   * @param headers of every answer without content: names and values in turn
   * @returns whether the request is answered; if not, nothing was written
   */
  answer(req: IncomingMessage, res: ServerResponse, headers: readonly string[]): boolean {
    const gate = methods.has(req.method) ? this.#gates.get(pathOf(req.url ?? '')) : undefined
    if (gate === undefined) return false
    const asked = readAskedHeaders(req.rawHeaders)
    if (asked === null) return false
    const { gatekeeper, sessionCookie, sessionKeeper } = this.#parts
    const question = gatekeeper.read(gate, { socket: req.socket, headers: asked })
    if (question.kind === 'refused') return false
    // The protocol is not asked for: without PUBLIC_URL, which tells it, the question was refused.
    const token = sessionCookie.read({ headers: asked, protocol: 'https' })
    const pass = token === null ? null : this.#passOf(token)
    if (pass === null) return false
    const session = sessionKeeper.reuse(pass.held)
    if (session === null || !gatekeeper.permits(question.target, session)) return false
    // A list, which Node sends as it is: an object of as many headers takes it longer than all the rest.
    res.writeHead(200, [...headers, ...pass.headers, 'content-length', '0']).end()
    return true
  }

  #passOf(token: string): Pass | null {
    const known = this.#passes.get(token)
    if (known !== undefined && !known.held.isForgotten) return known
    const held = this.#parts.sessionKeeper.hold(token)
    if (held === null) {
      this.#passes.delete(token)
      return null
    }
    const pass = { held, headers: Object.entries(remoteHeaders(held.value)).flat() }
    this.#passes.set(copyOf(token), pass)
    return pass
  }
}

/** What is cut out of a text keeps all of it in memory: here a header with the cookies of every app. */
function copyOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

function pathOf(url: string): string {
  const queryStart = url.indexOf('?')
  return queryStart === -1 ? url : url.slice(0, queryStart)
}
