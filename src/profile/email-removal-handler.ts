import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { sendHtml } from '../http/html-reply.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { EmailChanger } from './email-changer.js'
import type { EmailRemovalPageCreator } from './email-removal-page-creator.js'
import type { ProfileDoor } from './profile-door.js'
import { noticeAddress } from './profile-notice.js'

export type EmailRemovalHandlerParts = {
  profileDoor: ProfileDoor
  sudoStep: SudoStep
  visitorReader: VisitorReader
  accountStore: AccountStore
  emailChanger: EmailChanger
  emailRemovalPageCreator: EmailRemovalPageCreator
}

const path = '/profile/email/remove'

/** Takes the e-mail address away from an account, after asking whether that is meant. */
export class EmailRemovalHandler {
  readonly #parts: EmailRemovalHandlerParts

  constructor(parts: EmailRemovalHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showForm(req, reply))
    app.post(path, (req, reply) => this.#remove(req, reply))
  }

  async #showForm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sudoStep, accountStore, emailRemovalPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const { accountId, username } = signedIn.session
    const email = (await accountStore.findById(accountId))?.email ?? null
    if (email === null) return reply.redirect('/profile/email', 303)
    const isPasswordNeeded = await sudoStep.isPasswordNeeded(req, signedIn)
    const page = await emailRemovalPageCreator.buildEmailRemovalPage({ username, email, isPasswordNeeded })
    return sendHtml(reply, 200, page)
  }

  async #remove(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sudoStep, visitorReader, accountStore, emailChanger, emailRemovalPageCreator } =
      this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const { accountId, username } = signedIn.session
    const email = (await accountStore.findById(accountId))?.email ?? null
    if (email === null) return reply.redirect('/profile/email', 303)
    const passage = await sudoStep.pass(req, reply, signedIn, path)
    if (passage === null) return reply
    if (passage.kind === 'refused') {
      const form = { username, email, isPasswordNeeded: true }
      const page = await emailRemovalPageCreator.buildRefusedEmailRemovalPage(form, passage.notice)
      return sendHtml(reply, passage.statusCode, page)
    }
    await emailChanger.remove(passage.signedIn, visitorReader.read(req, reply))
    return reply.redirect(noticeAddress('/profile', 'emailRemoved'), 303)
  }
}
