import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { confirmationField } from '../accounts/confirmation-field.js'
import type { NewPasswordReader } from '../accounts/new-password-reader.js'
import { wordPasswordProblem } from '../accounts/word-password-problem.js'
import { withJsonBodies } from '../http/json-routes.js'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import { wordRefusal } from '../sign-in/word-refusal.js'
import type { PasswordResetter } from '../recovery/password-resetter.js'
import { readTypedField } from './read-typed-field.js'
import type { RecoveryCookie } from '../recovery/recovery-cookie.js'
import type { RecoveryKeeper } from '../recovery/recovery-keeper.js'
import { sendRecoveryOver } from './send-recovery-over.js'
import { wordTypedProblem } from './word-typed-problem.js'

export type ResetApiHandlerParts = {
  recoveryKeeper: RecoveryKeeper
  passwordResetter: PasswordResetter
  newPasswordReader: NewPasswordReader
  recoveryCookie: RecoveryCookie
  visitorReader: VisitorReader
}

/** The last step of every way back, for programs: the new password, set by whoever holds the temporary token. */
export class ResetApiHandler {
  readonly #parts: ResetApiHandlerParts

  constructor(parts: ResetApiHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    withJsonBodies(app, (scope) => {
      scope.post('/api/recover/reset', (req, reply) => this.#reset(req, reply))
    })
  }

  async #reset(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { recoveryKeeper, passwordResetter, newPasswordReader, visitorReader } = this.#parts
    const { body } = req
    const token = readTypedField(body, 'tempToken')
    if (token.kind === 'invalid')
      return sendRefusedFields(reply, [{ field: 'tempToken' }], () =>
        wordTypedProblem('temporary token', token.reason),
      )
    const name = readTypedField(body, 'username')
    const recovery = await recoveryKeeper.find(token.text, name.kind === 'text' ? name.text : null)
    const account = recovery === null ? null : await passwordResetter.accountOf(recovery)
    if (recovery === null || account === null) return sendRecoveryOver(reply)

    const context = { username: account.username, email: account.email ?? '' }
    const names = { password: 'newPassword', confirmation: confirmationField(body, 'newPassword') }
    const { typed, problems } = await newPasswordReader.read(body, context, names)
    if (problems.length > 0) {
      const named = problems.map((problem) => ({
        problem,
        field: problem.field === 'password' ? names.password : problem.field,
      }))
      return sendRefusedFields(reply, named, ({ problem }) => wordPasswordProblem(problem))
    }

    const outcome = await passwordResetter.reset(recovery, typed, visitorReader.read(req, reply))
    req.log.info({ accountId: account.id, clientAddress: req.ip }, `password reset: ${outcome.kind}`)
    switch (outcome.kind) {
      case 'over':
        return sendRecoveryOver(reply)
      case 'busy':
        return sendRefusal(reply, 503, outcome, wordRefusal(outcome))
      case 'reset':
        return reply.send({ passwordReset: true })
    }
  }
}
