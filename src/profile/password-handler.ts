import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import type { NewPasswordReader } from '../accounts/new-password-reader.js'
import { sendHtml } from '../http/html-reply.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { PasswordChanger } from './password-changer.js'
import type { PasswordPageCreator } from './password-page-creator.js'
import type { ProfileDoor } from './profile-door.js'
import { noticeAddress } from './profile-notice.js'

export type PasswordHandlerParts = {
  profileDoor: ProfileDoor
  sudoStep: SudoStep
  visitorReader: VisitorReader
  accountStore: AccountStore
  newPasswordReader: NewPasswordReader
  passwordChanger: PasswordChanger
  passwordPageCreator: PasswordPageCreator
}

const path = '/profile/password'

/** Lets people choose another password, which signs out their other browsers. */
export class PasswordHandler {
  readonly #parts: PasswordHandlerParts

  constructor(parts: PasswordHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showForm(req, reply))
    app.post(path, (req, reply) => this.#change(req, reply))
  }

  async #showForm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sudoStep, passwordPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const { username } = signedIn.session
    const form = { username, ...(await sudoStep.describe(req, signedIn)) }
    return sendHtml(reply, 200, await passwordPageCreator.buildPasswordPage(form))
  }

  async #change(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sudoStep, visitorReader, accountStore, passwordChanger, passwordPageCreator } =
      this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    // Read before the old password is asked for: if another one takes its place meanwhile, nothing is changed.
    const account = await accountStore.findById(signedIn.session.accountId)
    if (account === null) return reply.redirect(path, 303)
    const { username, hasPassword } = account
    const { typed, problems } = await this.#parts.newPasswordReader.read(req.body, {
      username,
      email: account.email ?? '',
    })
    if (problems.length > 0) {
      const isPasswordNeeded = await sudoStep.isPasswordNeeded(req, signedIn)
      const form = { username, hasPassword, isPasswordNeeded }
      return sendHtml(reply, 400, await passwordPageCreator.buildPasswordErrorPage(form, problems))
    }

    const passage = await sudoStep.pass(req, reply, signedIn, path)
    if (passage === null) return reply
    if (passage.kind === 'refused') {
      const form = { username, hasPassword, isPasswordNeeded: true }
      const page = await passwordPageCreator.buildRefusedPasswordPage(form, passage.notice)
      return sendHtml(reply, passage.statusCode, page)
    }

    const form = { username, hasPassword, isPasswordNeeded: false }
    const visitor = visitorReader.read(req, reply)
    const outcome = await passwordChanger.change(account, passage.signedIn, typed, visitor)
    switch (outcome.kind) {
      case 'busy': {
        reply.header('retry-after', outcome.retryAfterSeconds)
        const page = await passwordPageCreator.buildBusyPasswordPage(form, outcome.retryAfterSeconds)
        return sendHtml(reply, 503, page)
      }
      case 'overtaken':
        return sendHtml(reply, 409, await passwordPageCreator.buildOvertakenPasswordPage(form))
      case 'changed':
        req.log.info({ accountId: account.id }, 'password changed')
        if (outcome.token !== null) profileDoor.handOver(reply, { ...passage.signedIn, token: outcome.token })
        return reply.redirect(noticeAddress('/profile', hasPassword ? 'passwordChanged' : 'passwordSet'), 303)
    }
  }
}
