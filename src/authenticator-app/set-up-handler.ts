import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { RecoveryCodesPageCreator } from '../recovery-codes/recovery-codes-page-creator.js'
import { parseDigits } from '../secrets/parse-digits.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoMode } from '../sudo-mode/sudo-mode.js'
import { enrolmentSeconds, type AuthenticatorAppKeeper } from './authenticator-app-keeper.js'
import type { AuthenticatorAppPageCreator } from './authenticator-app-page-creator.js'
import { appPath, setUpPath } from './profile-paths.js'
import { codeDigits } from './totp.js'

export type SetUpHandlerParts = {
  /** Of the profile. */ door: Pick<Door, 'admit'>
  sudoMode: SudoMode
  visitorReader: VisitorReader
  authenticatorAppKeeper: AuthenticatorAppKeeper
  authenticatorAppPageCreator: AuthenticatorAppPageCreator
  recoveryCodesPageCreator: RecoveryCodesPageCreator
}

/** Shows the secret of an authenticator app that is being set up, and turns it on for a code of that app. */
export class SetUpHandler {
  readonly #parts: SetUpHandlerParts

  constructor(parts: SetUpHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(setUpPath, (req, reply) => this.#showPage(req, reply))
    app.post(setUpPath, (req, reply) => this.#confirm(req, reply))
    app.post(`${setUpPath}/cancel`, (req, reply) => this.#cancel(req, reply))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const signedIn = await this.#admit(req, reply)
    return signedIn === null ? reply : this.#sendPage(reply, signedIn, null)
  }

  async #confirm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { authenticatorAppKeeper, recoveryCodesPageCreator, visitorReader } = this.#parts
    const signedIn = await this.#admit(req, reply)
    if (signedIn === null) return reply
    const field = readFormField(req.body, 'code')
    const code = field.kind === 'text' ? parseDigits(field.text, codeDigits) : null
    if (code === null) return this.#sendPage(reply, signedIn, 'unreadable')
    const outcome = await authenticatorAppKeeper.confirm(signedIn, code, visitorReader.read(req, reply))
    switch (outcome.kind) {
      case 'over':
        return reply.redirect(appPath, 303)
      case 'wrong':
        return this.#sendPage(reply, signedIn, 'wrong')
      case 'on': {
        const { accountId, username } = signedIn.session
        req.log.info({ accountId }, 'authenticator app: on')
        const onUrl = '/profile?notice=authenticatorAppOn'
        const shown = { username, codes: outcome.recoveryCodes, occasion: 'appOn', onUrl } as const
        return sendHtml(reply, 200, await recoveryCodesPageCreator.buildRecoveryCodesPage(shown))
      }
    }
  }

  async #cancel(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const signedIn = await this.#parts.door.admit(req, reply, appPath)
    if (signedIn === null) return reply
    await this.#parts.authenticatorAppKeeper.cancel(signedIn)
    return reply.redirect('/profile', 303)
  }

  /** Also asked of an open page: an app that sees the session's cookie is not to see the secret. */
  async #admit(req: FastifyRequest, reply: FastifyReply): Promise<SignedIn | null> {
    const { door, sudoMode, visitorReader } = this.#parts
    const signedIn = await door.admit(req, reply, appPath)
    if (signedIn === null) return null
    const { deviceToken } = visitorReader.read(req, reply)
    if (await sudoMode.isProved(signedIn, deviceToken, enrolmentSeconds)) return signedIn
    reply.redirect(appPath, 303)
    return null
  }

  async #sendPage(
    reply: FastifyReply,
    signedIn: SignedIn,
    problem: 'unreadable' | 'wrong' | null,
  ): Promise<FastifyReply> {
    const { authenticatorAppKeeper, authenticatorAppPageCreator } = this.#parts
    const secret = await authenticatorAppKeeper.findEnrolment(signedIn)
    if (secret === null) return reply.redirect(appPath, 303)
    const { username } = signedIn.session
    const page = await authenticatorAppPageCreator.buildSetUpPage({ username, secret }, problem)
    return sendHtml(reply, problem === null ? 200 : 400, page)
  }
}
