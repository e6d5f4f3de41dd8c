import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { emailStanding } from '../accounts/email-standing.js'
import { readEmail } from '../accounts/read-email.js'
import { sendHtml } from '../http/html-reply.js'
import type { SignedIn } from '../sign-in/door.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { EmailChanger } from './email-changer.js'
import type { EmailForm, EmailPageCreator } from './email-page-creator.js'
import type { ProfileDoor } from './profile-door.js'

export type EmailHandlerParts = {
  profileDoor: ProfileDoor
  sudoStep: SudoStep
  visitorReader: VisitorReader
  accountStore: AccountStore
  emailChanger: EmailChanger
  emailPageCreator: EmailPageCreator
}

const path = '/profile/email'

/** Takes the e-mail address that somebody wants to have, and has a code sent there. */
export class EmailHandler {
  readonly #parts: EmailHandlerParts

  constructor(parts: EmailHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showForm(req, reply))
    app.post(path, (req, reply) => this.#ask(req, reply))
  }

  async #showForm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sudoStep, emailPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const form = await this.#fillForm(signedIn, await sudoStep.isPasswordNeeded(req, signedIn))
    return sendHtml(reply, 200, await emailPageCreator.buildEmailPage(form))
  }

  async #ask(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sudoStep, visitorReader, emailChanger, emailPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const { typed, outcome: wanted } = readEmail(req.body)
    if (wanted.kind !== 'valid') {
      const form = await this.#fillForm(signedIn, await sudoStep.isPasswordNeeded(req, signedIn), typed)
      return sendHtml(reply, 400, await emailPageCreator.buildEmailErrorPage(form, wanted))
    }

    const passage = await sudoStep.pass(req, reply, signedIn, path)
    if (passage === null) return reply
    const form = await this.#fillForm(signedIn, passage.kind === 'refused', typed)
    if (passage.kind === 'refused') {
      const page = await emailPageCreator.buildRefusedEmailPage(form, passage.notice)
      return sendHtml(reply, passage.statusCode, page)
    }

    const outcome = await emailChanger.ask(passage.signedIn, wanted, visitorReader.read(req, reply))
    switch (outcome.kind) {
      case 'alreadyConfirmed':
        return sendHtml(reply, 400, await emailPageCreator.buildEmailErrorPage(form, outcome))
      case 'emailUnavailable':
        return sendHtml(reply, 409, await emailPageCreator.buildEmailUnavailablePage(form))
      case 'tooMany': {
        reply.header('retry-after', outcome.retryAfterSeconds)
        return sendHtml(
          reply,
          429,
          await emailPageCreator.buildTooManyCodesPage(form, outcome.retryAfterSeconds),
        )
      }
      case 'sent':
        return reply.redirect(`${path}/confirm`, 303)
    }
  }

  /** @param typed what was typed; without it the address that still has to be confirmed, if there is one */
  async #fillForm(signedIn: SignedIn, isPasswordNeeded: boolean, typed?: string): Promise<EmailForm> {
    const { accountStore, emailChanger } = this.#parts
    const [account, pending] = await Promise.all([
      accountStore.findById(signedIn.session.accountId),
      emailChanger.findPending(signedIn),
    ])
    const email = account?.email ?? null
    const standing = emailStanding(account)
    return {
      username: signedIn.session.username,
      email,
      standing,
      pending: pending?.email ?? null,
      typed: typed ?? (standing === 'confirmed' ? '' : (email ?? '')),
      isPasswordNeeded,
    }
  }
}
