import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { SessionCookie } from '../http/session-cookie.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { FarewellCookie } from '../sign-in/farewell-cookie.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { AccountRemover } from './account-remover.js'
import type { DeletionPageCreator } from './deletion-page-creator.js'
import type { ProfileDoor } from './profile-door.js'

export type DeletionHandlerParts = {
  profileDoor: ProfileDoor
  sudoStep: SudoStep
  visitorReader: VisitorReader
  accountRemover: AccountRemover
  deletionPageCreator: DeletionPageCreator
  sessionCookie: SessionCookie
  farewellCookie: FarewellCookie
}

const path = '/profile/delete'

/** Lets people delete their account, once they have said that they mean it. */
export class DeletionHandler {
  readonly #parts: DeletionHandlerParts

  constructor(parts: DeletionHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showForm(req, reply))
    app.post(path, (req, reply) => this.#delete(req, reply))
  }

  async #showForm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sudoStep, deletionPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const { username } = signedIn.session
    const isPasswordNeeded = await sudoStep.isPasswordNeeded(req, signedIn)
    const form = { username, isSure: false, isPasswordNeeded }
    return sendHtml(reply, 200, await deletionPageCreator.buildDeletionPage(form))
  }

  async #delete(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sudoStep, visitorReader, accountRemover, deletionPageCreator } = this.#parts
    const { sessionCookie, farewellCookie } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const { username } = signedIn.session
    // Within ten minutes of any other change no password is asked for: one press too many must not be enough.
    const isSure = readFormField(req.body, 'isSure').kind === 'text'
    if (!isSure) {
      const isPasswordNeeded = await sudoStep.isPasswordNeeded(req, signedIn)
      const page = await deletionPageCreator.buildUnsurePage({ username, isSure, isPasswordNeeded })
      return sendHtml(reply, 400, page)
    }

    const passage = await sudoStep.pass(req, reply, signedIn, path)
    if (passage === null) return reply
    if (passage.kind === 'refused') {
      const form = { username, isSure, isPasswordNeeded: true }
      const page = await deletionPageCreator.buildRefusedDeletionPage(form, passage.notice)
      return sendHtml(reply, passage.statusCode, page)
    }

    if (!(await accountRemover.remove(passage.signedIn, visitorReader.read(req, reply)))) {
      // The session has ended meanwhile: the form is reached by way of the login page, which says why.
      reply.removeHeader('set-cookie')
      return reply.redirect(path, 303)
    }
    req.log.info({ accountId: signedIn.session.accountId }, 'account deleted by its owner')
    // The cookie of the known browser stays: it names nobody, and other people may sign in here too.
    sessionCookie.erase(reply)
    farewellCookie.write(reply, { kind: 'accountDeleted' })
    return reply.redirect('/login', 303)
  }
}
