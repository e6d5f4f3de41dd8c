import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { SessionCookie } from '../http/session-cookie.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { LogoutPageCreator } from './logout-page-creator.js'
import { visitorEvent } from './visitor-event.js'
import type { VisitorReader } from './visitor-reader.js'

export type LogoutHandlerParts = {
  logoutPageCreator: LogoutPageCreator
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  destinationReader: DestinationReader
  sessionKeeper: SessionKeeper
  sessionCookie: SessionCookie
  securityEventRecorder: SecurityEventRecorder
  visitorReader: VisitorReader
  now: () => Date
}

/** Ends the session of this browser. A link only asks: signing out by a mere image in a mail would be a nuisance. */
export class LogoutHandler {
  readonly #parts: LogoutHandlerParts

  constructor(parts: LogoutHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/logout', (req, reply) => this.#showLogoutPage(req, reply))
    app.post('/logout', (req, reply) => this.#logout(req, reply))
  }

  async #showLogoutPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, logoutPageCreator } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      return this.#refuseRedirect(reply, destination.refusal)
    }
    return sendHtml(reply, 200, await logoutPageCreator.buildLogoutPage(destination.address))
  }

  async #logout(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, sessionKeeper, sessionCookie, securityEventRecorder, visitorReader, now } =
      this.#parts
    const destination = destinationReader.read(req, '/login')
    for (const token of sessionCookie.readAll(req)) {
      const ended = await sessionKeeper.end(token)
      if (ended === null) continue
      req.log.info({ accountId: ended.accountId }, 'signed out')
      const visitor = visitorReader.read(req, reply)
      securityEventRecorder.note(visitorEvent(ended.accountId, 'signedOut', visitor, now()))
    }
    sessionCookie.erase(reply)
    // Only now: who wants to leave is let out, wherever they wanted to go.
    if (destination.kind === 'refused') return this.#refuseRedirect(reply, destination.refusal)
    return reply.redirect(destination.url, 303)
  }

  async #refuseRedirect(reply: FastifyReply, refusal: RedirectRefusal): Promise<FastifyReply> {
    return sendHtml(
      reply,
      400,
      await this.#parts.refusedRedirectPageCreator.buildRefusedRedirectPage(refusal),
    )
  }
}
