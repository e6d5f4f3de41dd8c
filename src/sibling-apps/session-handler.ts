import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ownOrigin } from '../http/own-origin.js'
import type { SessionCookie } from '../http/session-cookie.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'

export type SessionHandlerParts = {
  sessionKeeper: SessionKeeper
  sessionCookie: SessionCookie
  publicOrigin: string | null
}

/** Answers a sibling app that asks by itself who is signed in, handing on the cookie that it was sent. */
export class SessionHandler {
  readonly #parts: SessionHandlerParts

  constructor(parts: SessionHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/api/session', (req, reply) => this.#showSession(req, reply))
  }

  async #showSession(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { sessionKeeper, sessionCookie, publicOrigin } = this.#parts
    const token = sessionCookie.read(req)
    const session = token === null ? null : await sessionKeeper.find(token)
    if (session === null) {
      return reply.code(401).send({ error: 'notSignedIn', loginUrl: `${ownOrigin(req, publicOrigin)}/login` })
    }
    return reply.send({ username: session.username, expiresAt: session.expiresAt.toISOString() })
  }
}
