import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionCookie } from '../http/session-cookie.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import { visitorEvent } from './visitor-event.js'
import type { VisitorReader } from './visitor-reader.js'

export type SignOutParts = {
  sessionKeeper: SessionKeeper
  sessionCookie: SessionCookie
  securityEventRecorder: SecurityEventRecorder
  visitorReader: VisitorReader
  now: () => Date
}

/** Signs a browser out, whichever face of Latchkey it asks. */
export class SignOut {
  readonly #parts: SignOutParts

  constructor(parts: SignOutParts) {
    this.#parts = parts
  }

  /**
   * Ends every session that the browser holds, and erases its cookie.
   *
   * @throws DatabaseUnavailable; the cookie then stays
   */
  async leave(req: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { sessionKeeper, sessionCookie, securityEventRecorder, visitorReader, now } = this.#parts
    for (const token of sessionCookie.readAll(req)) {
      const ended = await sessionKeeper.end(token)
      if (ended === null) continue
      req.log.info({ accountId: ended.accountId }, 'signed out')
      const visitor = visitorReader.read(req, reply)
      securityEventRecorder.note(visitorEvent(ended.accountId, 'signedOut', visitor, now()))
    }
    sessionCookie.erase(reply)
  }
}
