import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionCookie } from '../http/session-cookie.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { TokenHandOver } from './token-hand-over.js'
import { visitorEvent } from './visitor-event.js'
import type { VisitorReader } from './visitor-reader.js'

export type SignOutParts = {
  sessionKeeper: SessionKeeper
  sessionCookie: SessionCookie
  securityEventRecorder: SecurityEventRecorder
  visitorReader: VisitorReader
  tokenHandOver: Pick<TokenHandOver, 'erase'>
  now: () => Date
}

/** Signs a browser out, whichever face of Latchkey it asks. */
export class SignOut {
  readonly #parts: SignOutParts

  constructor(parts: SignOutParts) {
    this.#parts = parts
  }

  /**
   * Ends every session that the browser holds, and erases its cookie and those of tokens.
   *
   * @throws DatabaseUnavailable; the cookies then stay
   */
  async leave(req: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { sessionKeeper, sessionCookie, securityEventRecorder, visitorReader, tokenHandOver, now } =
      this.#parts
    for (const token of sessionCookie.readAll(req)) {
      const ended = await sessionKeeper.end(token)
      if (ended === null) continue
      req.log.info({ accountId: ended.accountId }, 'signed out')
      const visitor = visitorReader.read(req, reply)
      securityEventRecorder.note(visitorEvent(ended.accountId, 'signedOut', visitor, now()))
    }
    sessionCookie.erase(reply)
    tokenHandOver.erase(reply)
  }
}
