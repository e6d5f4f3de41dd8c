import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendProblem } from '../http/json-reply.js'
import { withJsonBodies } from '../http/json-routes.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SessionFinder } from '../sessions/session-finder.js'
import type { TokenCookies } from './token-cookies.js'
import type { TokenDesk } from './token-desk.js'
import type { TokenKeeper } from './token-keeper.js'

export type TokenRefreshHandlerParts = {
  tokenKeeper: TokenKeeper
  tokenCookies: TokenCookies
  tokenDesk: TokenDesk
  sessionFinder: SessionFinder
  securityEventRecorder: SecurityEventRecorder
  visitorReader: VisitorReader
  now: () => Date
}

/** Exchanges the refresh token of a cookie for new tokens: the lower part of diagram 3. */
export class TokenRefreshHandler {
  readonly #parts: TokenRefreshHandlerParts

  constructor(parts: TokenRefreshHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const preHandler = this.#parts.tokenDesk.check
    withJsonBodies(app, (scope) => {
      scope.post('/api/token/refresh', { preHandler }, (req, reply) => this.#refresh(req, reply))
    })
  }

  async #refresh(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { tokenKeeper, tokenCookies, tokenDesk, sessionFinder } = this.#parts
    const wish = tokenDesk.wishOf(req)
    const signedIn = await sessionFinder.find(req)
    const tokens = tokenCookies.readRefreshTokens(req)
    const outcome = await tokenKeeper.refresh(tokens, wish.address, signedIn?.session.id ?? null)
    if (outcome.kind === 'refreshed') {
      const ready = tokenDesk.makeReady(outcome, wish)
      ready.write(reply)
      return reply.send(ready.fields)
    }
    if (outcome.kind === 'reused') this.#tellOwner(req, reply, outcome.accountId)
    // One answer for all: whoever tries tokens out learns nothing.
    return sendProblem(reply, 401, {
      error: 'invalidToken',
      message: 'There is no refresh token here that still counts. Sign in again.',
    })
  }

  #tellOwner(req: FastifyRequest, reply: FastifyReply, accountId: string): void {
    const { securityEventRecorder, visitorReader, now } = this.#parts
    req.log.warn({ accountId }, 'a refresh token was used a second time; those of its session are ended')
    const visitor = visitorReader.read(req, reply)
    securityEventRecorder.note(visitorEvent(accountId, 'refreshTokenReused', visitor, now()))
  }
}
