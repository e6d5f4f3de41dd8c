import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ownOrigin } from '../http/own-origin.js'
import { isTokenShaped } from '../secrets/is-token-shaped.js'
import type { SessionFinder } from '../sessions/session-finder.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { Session } from '../sessions/session-store.js'

export type SessionHandlerParts = {
  sessionKeeper: SessionKeeper
  sessionFinder: SessionFinder
  publicOrigin: string | null
}

/**
 * Answers a sibling app that asks by itself who is signed in, handing on the cookie that it was sent, or its value as a
 * Bearer token. A token in the address is not looked at: addresses end up in logs.
 */
export class SessionHandler {
  readonly #parts: SessionHandlerParts

  constructor(parts: SessionHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/api/session', (req, reply) => this.#showSession(req, reply))
  }

  async #showSession(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { sessionFinder, publicOrigin } = this.#parts
    const { authorization } = req.headers
    // Who shows a token means that one, so a wrong one is not made good by a cookie.
    const session =
      authorization === undefined
        ? (sessionFinder.recall(req) ?? (await sessionFinder.find(req))?.session ?? null)
        : await this.#findBearer(authorization)
    if (session === null) {
      const loginUrl = `${ownOrigin(req, publicOrigin)}/login`
      // RFC 6750, section 3: an error is named only to those who showed a token.
      reply.header(
        'www-authenticate',
        authorization === undefined ? 'Bearer' : 'Bearer error="invalid_token"',
      )
      return reply.code(401).send({ error: 'notSignedIn', loginUrl })
    }
    const { username, displayName, email, groups, expiresAt } = session
    return reply.send({
      username,
      name: displayName ?? username,
      email,
      groups,
      expiresAt: expiresAt.toISOString(),
    })
  }

  async #findBearer(authorization: string): Promise<Session | null> {
    const token = readBearerToken(authorization)
    return token === null ? null : this.#parts.sessionKeeper.find(token)
  }
}

function readBearerToken(authorization: string): string | null {
  const token = /^bearer +(\S+) *$/i.exec(authorization)?.[1]
  return isTokenShaped(token) ? token : null
}
