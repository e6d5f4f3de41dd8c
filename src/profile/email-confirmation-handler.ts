import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { wordEmailCodeProblem } from '../email-codes/word-email-code-problem.js'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { EmailChanger } from './email-changer.js'
import type { EmailConfirmationPageCreator } from './email-confirmation-page-creator.js'
import type { ProfileDoor } from './profile-door.js'
import { noticeAddress, wordProfileNotice } from './profile-notice.js'

export type EmailConfirmationHandlerParts = {
  profileDoor: ProfileDoor
  visitorReader: VisitorReader
  emailChanger: EmailChanger
  emailConfirmationPageCreator: EmailConfirmationPageCreator
}

const path = '/profile/email/confirm'
/** Where one goes when no address waits for a code. */
const formPath = '/profile/email'

/** Takes the code that was mailed to a new address. A link in the mail would be followed by scanners: the code is typed. */
export class EmailConfirmationHandler {
  readonly #parts: EmailConfirmationHandlerParts

  constructor(parts: EmailConfirmationHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showForm(req, reply))
    app.post(path, (req, reply) => this.#confirm(req, reply))
    app.post('/profile/email/again', (req, reply) => this.#sendAgain(req, reply))
  }

  async #showForm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, emailChanger, emailConfirmationPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const pending = await emailChanger.findPending(signedIn)
    if (pending === null) return reply.redirect(formPath, 303)
    const page = await emailConfirmationPageCreator.buildEmailConfirmationPage(
      pending.email,
      wordProfileNotice(req.query),
    )
    return sendHtml(reply, 200, page)
  }

  async #confirm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, visitorReader, emailChanger, emailConfirmationPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const pending = await emailChanger.findPending(signedIn)
    if (pending === null) return reply.redirect(formPath, 303)
    const field = readFormField(req.body, 'code')
    const code = field.kind === 'text' ? field.text : ''
    const outcome = await emailChanger.confirm(signedIn, code, visitorReader.read(req, reply))
    switch (outcome.kind) {
      case 'confirmed':
        return reply.redirect(noticeAddress('/profile', 'emailConfirmed'), 303)
      case 'emailUnavailable': {
        const page = await emailConfirmationPageCreator.buildEmailUnavailablePage(pending.email)
        return sendHtml(reply, 409, page)
      }
      case 'wrong':
      case 'unreadable':
      case 'expired': {
        const problem = wordEmailCodeProblem(outcome)
        const page = await emailConfirmationPageCreator.buildWrongCodePage(pending.email, problem)
        return sendHtml(reply, outcome.kind === 'unreadable' ? 400 : 401, page)
      }
    }
  }

  async #sendAgain(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, visitorReader, emailChanger, emailConfirmationPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const pending = await emailChanger.findPending(signedIn)
    if (pending === null) return reply.redirect(formPath, 303)
    const outcome = await emailChanger.ask(signedIn, pending, visitorReader.read(req, reply))
    switch (outcome.kind) {
      case 'tooMany': {
        reply.header('retry-after', outcome.retryAfterSeconds)
        const page = await emailConfirmationPageCreator.buildTooManyCodesPage(
          pending.email,
          outcome.retryAfterSeconds,
        )
        return sendHtml(reply, 429, page)
      }
      case 'emailUnavailable': {
        const page = await emailConfirmationPageCreator.buildEmailUnavailablePage(pending.email)
        return sendHtml(reply, 409, page)
      }
      case 'alreadyConfirmed':
        return reply.redirect(formPath, 303)
      case 'sent':
        return reply.redirect(noticeAddress(path, 'codeSent'), 303)
    }
  }
}
