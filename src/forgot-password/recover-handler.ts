import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { RecoverPageCreator } from './recover-page-creator.js'
import type { RecoverRequestParser } from './recover-request-parser.js'
import type { RecoveryCookie } from '../recovery/recovery-cookie.js'
import type { RecoveryEntrance } from './recovery-entrance.js'
import type { RecoveryKeeper } from '../recovery/recovery-keeper.js'
import type { RecoveryOffer } from '../recovery/recovery-offer.js'

export type RecoverHandlerParts = {
  requestParser: RecoverRequestParser
  destinationReader: DestinationReader
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  visitorReader: VisitorReader
  recoveryKeeper: RecoveryKeeper
  recoveryOffer: RecoveryOffer
  recoveryCookie: RecoveryCookie
  recoveryEntrance: RecoveryEntrance
  recoverPageCreator: RecoverPageCreator
}

/** "Forgot your password?": asks for the name, then which way back to take. */
export class RecoverHandler {
  readonly #parts: RecoverHandlerParts

  constructor(parts: RecoverHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/recover', (req, reply) => this.#showBeginPage(req, reply))
    app.post('/recover', (req, reply) => this.#begin(req, reply))
    app.get('/recover/method', (req, reply) => this.#showMethodPage(req, reply))
  }

  async #showBeginPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, recoverPageCreator } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') return this.#refuseRedirect(reply, destination.refusal)
    return sendHtml(reply, 200, await recoverPageCreator.buildBeginPage(destination.address))
  }

  async #begin(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { requestParser, visitorReader, recoveryKeeper, recoveryCookie, recoverPageCreator } = this.#parts
    const beginReq = requestParser.parseBeginReq(req)
    if (beginReq.kind === 'refusedRedirect') return this.#refuseRedirect(reply, beginReq.refusal)
    const { form } = beginReq
    if (beginReq.kind === 'invalid')
      return sendHtml(reply, 400, await recoverPageCreator.buildBeginErrorPage(form, beginReq.reason))

    const outcome = await recoveryKeeper.begin(form.username, visitorReader.read(req, reply))
    switch (outcome.kind) {
      case 'usernameNotFound':
        req.log.info({ clientAddress: req.ip }, 'recovery was refused: no such account')
        return sendHtml(reply, 404, await recoverPageCreator.buildUsernameNotFoundPage(form))
      case 'addressCoolingDown':
        req.log.info({ clientAddress: req.ip }, 'recovery was refused: too many from this network')
        reply.header('retry-after', outcome.retryAfterSeconds)
        return sendHtml(reply, 429, await recoverPageCreator.buildCooldownPage(form, outcome))
      case 'begun':
        req.log.info({ accountId: outcome.recovery.accountId, clientAddress: req.ip }, 'recovery begun')
        recoveryCookie.write(reply, { token: outcome.recovery.token, name: form.username })
        return reply.redirect(signInAddress('/recover/method', form.redirectUrl), 303)
    }
  }

  async #showMethodPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { recoveryEntrance, recoveryOffer, recoverPageCreator } = this.#parts
    const onTheWay = await recoveryEntrance.enter(req, reply, 'choice')
    if (onTheWay === null) return reply
    const { recovery, ticket, redirectUrl } = onTheWay
    const methods = await recoveryOffer.methodsOf(recovery)
    const form = { username: ticket.name, redirectUrl }
    return sendHtml(reply, 200, await recoverPageCreator.buildMethodPage(form, methods))
  }

  async #refuseRedirect(reply: FastifyReply, refusal: RedirectRefusal): Promise<FastifyReply> {
    return sendHtml(
      reply,
      400,
      await this.#parts.refusedRedirectPageCreator.buildRefusedRedirectPage(refusal),
    )
  }
}
