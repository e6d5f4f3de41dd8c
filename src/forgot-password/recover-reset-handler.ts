import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { NewPasswordReader } from '../accounts/new-password-reader.js'
import { sendHtml } from '../http/html-reply.js'
import type { FarewellCookie } from '../sign-in/farewell-cookie.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { PasswordResetter } from '../recovery/password-resetter.js'
import type { RecoveryCookie } from '../recovery/recovery-cookie.js'
import type { RecoveryEntrance } from './recovery-entrance.js'
import type { ResetPageCreator } from './reset-page-creator.js'

export type RecoverResetHandlerParts = {
  recoveryEntrance: RecoveryEntrance
  recoveryCookie: RecoveryCookie
  farewellCookie: FarewellCookie
  passwordResetter: PasswordResetter
  newPasswordReader: NewPasswordReader
  visitorReader: VisitorReader
  resetPageCreator: ResetPageCreator
}

/** The last step of every way back: the new password. */
export class RecoverResetHandler {
  readonly #parts: RecoverResetHandlerParts

  constructor(parts: RecoverResetHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/recover/reset', (req, reply) => this.#showResetPage(req, reply))
    app.post('/recover/reset', (req, reply) => this.#reset(req, reply))
  }

  async #showResetPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const entered = await this.#enter(req, reply)
    if (entered === null) return reply
    return sendHtml(reply, 200, await this.#parts.resetPageCreator.buildResetPage(entered.form))
  }

  async #reset(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { newPasswordReader, passwordResetter, visitorReader, resetPageCreator } = this.#parts
    const { recoveryEntrance, recoveryCookie, farewellCookie } = this.#parts
    const entered = await this.#enter(req, reply)
    if (entered === null) return reply
    const { recovery, account, form } = entered
    const context = { username: account.username, email: account.email ?? '' }
    const { typed, problems } = await newPasswordReader.read(req.body, context)
    if (problems.length > 0)
      return sendHtml(reply, 400, await resetPageCreator.buildResetErrorPage(form, problems))

    const outcome = await passwordResetter.reset(recovery, typed, visitorReader.read(req, reply))
    req.log.info({ accountId: account.id, clientAddress: req.ip }, `password reset: ${outcome.kind}`)
    switch (outcome.kind) {
      case 'over':
        return recoveryEntrance.sendOver(req, reply, form.redirectUrl)
      case 'busy':
        reply.header('retry-after', outcome.retryAfterSeconds)
        return sendHtml(reply, 503, await resetPageCreator.buildBusyPage(form, outcome.retryAfterSeconds))
      case 'reset': {
        recoveryCookie.erase(reply)
        farewellCookie.write(reply, { kind: 'passwordReset', typedName: form.username })
        return reply.redirect(signInAddress('/login', form.redirectUrl), 303)
      }
    }
  }

  async #enter(req: FastifyRequest, reply: FastifyReply) {
    const { recoveryEntrance, passwordResetter } = this.#parts
    const onTheWay = await recoveryEntrance.enter(req, reply, 'reset')
    if (onTheWay === null) return null
    const { recovery, ticket, redirectUrl } = onTheWay
    const account = await passwordResetter.accountOf(recovery)
    // It was removed a moment ago.
    if (account === null) {
      await recoveryEntrance.sendOver(req, reply, redirectUrl)
      return null
    }
    return { recovery, account, form: { username: ticket.name, accountName: account.username, redirectUrl } }
  }
}
