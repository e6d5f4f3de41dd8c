import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SessionFinder } from '../sessions/session-finder.js'
import type { Gatekeeper } from './gatekeeper.js'
import { gates } from './gates.js'
import { remoteHeaders } from './remote-headers.js'

/** By which nearly all proxies ask. */
const methods = new Set<string | undefined>(['GET', 'HEAD'])

/**
 * Lets in whom memory knows, as the `GateHandler` would, but before Fastify: every request of every app passes here,
 * and routes, hooks and replies cost more than finding the session does. Whoever else comes is left to the `GateHandler`.
 */
export class GateShortcut {
  readonly #sessionFinder: SessionFinder
  readonly #gatekeeper: Gatekeeper
  readonly #gates = new Map(gates.map((gate) => [gate.url, gate]))

  constructor(parts: { sessionFinder: SessionFinder; gatekeeper: Gatekeeper }) {
    this.#sessionFinder = parts.sessionFinder
    this.#gatekeeper = parts.gatekeeper
  }

  /**
   * @param headers of every answer without content: names and values in turn
   * @returns whether the request is answered; if not, nothing was written
   */
  answer(req: IncomingMessage, res: ServerResponse, headers: readonly string[]): boolean {
    const gate = methods.has(req.method) ? this.#gates.get(pathOf(req.url ?? '')) : undefined
    if (gate === undefined) return false
    const question = this.#gatekeeper.read(gate, req)
    if (question.kind === 'refused') return false
    // The protocol is not asked for: without PUBLIC_URL, which tells it, the question was refused.
    const session = this.#sessionFinder.recall({ headers: req.headers, protocol: 'https' })
    if (session === null || !this.#gatekeeper.permits(question.target, session)) return false
    const person = remoteHeaders(session)
    // A list, which Node sends as it is: an object of as many headers takes it longer than all the rest.
    const list = headers.concat(
      'remote-user',
      person['remote-user'],
      'remote-name',
      person['remote-name'],
      'remote-email',
      person['remote-email'],
      'remote-groups',
      person['remote-groups'],
      'content-length',
      '0',
    )
    res.writeHead(200, list).end()
    return true
  }
}

function pathOf(url: string): string {
  const queryStart = url.indexOf('?')
  return queryStart === -1 ? url : url.slice(0, queryStart)
}
