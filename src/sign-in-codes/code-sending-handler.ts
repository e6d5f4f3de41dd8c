import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { stepPlace, type StepPurpose } from '../second-factor/step-place.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { CodeEntrance } from './code-entrance.js'
import type { MailedCodes } from './mailed-codes.js'

export type CodeSendingHandlerParts = {
  purpose: StepPurpose
  codeEntrance: CodeEntrance
  mailedCodes: MailedCodes
  visitorReader: VisitorReader
}

/** Mails another code, or the first for who could show something else. */
export class CodeSendingHandler {
  readonly #parts: CodeSendingHandlerParts

  constructor(parts: CodeSendingHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.post(stepPlace(this.#parts.purpose, '/login/code/send'), (req, reply) => this.#send(req, reply))
  }

  /** What came of it is shown by a page of its own, so that reloading it sends no further mail. */
  async #send(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { purpose, codeEntrance, mailedCodes, visitorReader } = this.#parts
    const onTheWay = await codeEntrance.enterForCode(req, reply)
    if (onTheWay === null) return reply
    await mailedCodes.sendAgain(onTheWay.pending, visitorReader.read(req, reply))
    return reply.redirect(signInAddress(stepPlace(purpose, '/login/code'), onTheWay.redirectUrl), 303)
  }
}
