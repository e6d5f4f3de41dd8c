import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readEmail } from '../accounts/read-email.js'
import { sendHtml } from '../http/html-reply.js'
import { stepPlace, type StepPurpose } from '../second-factor/step-place.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { CodeEntrance } from './code-entrance.js'
import type { EmailPageCreator } from './email-page-creator.js'
import type { MailedCodes } from './mailed-codes.js'

export type EmailHandlerParts = {
  purpose: StepPurpose
  codeEntrance: CodeEntrance
  mailedCodes: MailedCodes
  visitorReader: VisitorReader
  emailPageCreator: EmailPageCreator
}

/** Asks whoever has no confirmed e-mail address for one, after the password and before the code. */
export class EmailHandler {
  readonly #parts: EmailHandlerParts

  constructor(parts: EmailHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const path = stepPlace(this.#parts.purpose, '/login/email')
    app.get(path, (req, reply) => this.#showPage(req, reply))
    app.post(path, (req, reply) => this.#takeAddress(req, reply))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { purpose, codeEntrance, emailPageCreator } = this.#parts
    const onTheWay = await codeEntrance.enter(req, reply)
    if (onTheWay === null) return reply
    const { pending, redirectUrl } = onTheWay
    if (pending.isAddressConfirmed)
      return reply.redirect(signInAddress(stepPlace(purpose, '/login/code'), redirectUrl), 303)
    const { username } = pending.account
    const form = { purpose, username, email: pending.address?.email ?? '', redirectUrl }
    return sendHtml(reply, 200, await emailPageCreator.buildEmailPage(form))
  }

  async #takeAddress(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { purpose, codeEntrance, mailedCodes, visitorReader, emailPageCreator } = this.#parts
    const onTheWay = await codeEntrance.enter(req, reply)
    if (onTheWay === null) return reply
    const { pending, redirectUrl } = onTheWay
    const next = signInAddress(stepPlace(purpose, '/login/code'), redirectUrl)
    if (pending.isAddressConfirmed) return reply.redirect(next, 303)
    const { typed, outcome: wanted } = readEmail(req.body)
    const form = { purpose, username: pending.account.username, email: typed, redirectUrl }
    if (wanted.kind !== 'valid')
      return sendHtml(reply, 400, await emailPageCreator.buildEmailErrorPage(form, wanted))
    const { kind } = await mailedCodes.giveAddress(pending, wanted, visitorReader.read(req, reply))
    if (kind === 'emailUnavailable')
      return sendHtml(reply, 409, await emailPageCreator.buildEmailTakenPage(form))
    return reply.redirect(next, 303)
  }
}
