import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readEmail } from '../accounts/read-email.js'
import { wordEmailProblem } from '../accounts/word-email-problem.js'
import { withJsonBodies } from '../http/json-routes.js'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import type { PendingSignInCookie } from '../second-factor/pending-sign-in-cookie.js'
import type { SecondStepKeeper } from '../second-factor/second-step-keeper.js'
import { sendNext, sendSignInOver } from '../second-factor/send-next.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { MailedCodes } from './mailed-codes.js'
import type { MailedSignIn } from './mailed-sign-in.js'
import { addressTaken } from './word-code-refusal.js'

export type CodeApiHandlerParts = {
  secondStepKeeper: SecondStepKeeper
  mailedCodes: MailedCodes
  pendingSignInCookie: PendingSignInCookie
  visitorReader: VisitorReader
}

const addressKnown = {
  heading: 'This account has a confirmed e-mail address',
  text: 'Codes go there.',
}

/** The mailing of codes at sign-in for programs, by the rules and in the words of the pages. */
export class CodeApiHandler {
  readonly #parts: CodeApiHandlerParts

  constructor(parts: CodeApiHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    withJsonBodies(app, (scope) => {
      scope.post('/api/login/email', (req, reply) => this.#takeAddress(req, reply))
      scope.post('/api/login/code/send', (req, reply) => this.#send(req, reply))
    })
  }

  async #takeAddress(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { mailedCodes, visitorReader } = this.#parts
    const { outcome: wanted } = readEmail(req.body)
    if (wanted.kind !== 'valid')
      return sendRefusedFields(reply, [{ field: 'email' }], () => wordEmailProblem(wanted))
    const pending = await this.#find(req)
    if (pending === null) return sendSignInOver(reply)
    if (pending.isAddressConfirmed) return sendRefusal(reply, 409, { kind: 'alreadyConfirmed' }, addressKnown)
    const outcome = await mailedCodes.giveAddress(pending, wanted, visitorReader.read(req, reply))
    if (outcome.kind !== 'asked') return sendRefusal(reply, 409, outcome, addressTaken)
    return sendNext(reply, pending, mailedCodes)
  }

  async #send(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { mailedCodes, visitorReader } = this.#parts
    const pending = await this.#find(req)
    if (pending === null) return sendSignInOver(reply)
    await mailedCodes.sendAgain(pending, visitorReader.read(req, reply))
    return sendNext(reply, pending, mailedCodes)
  }

  /** Null also for an account that is asked for something else. */
  async #find(req: FastifyRequest): Promise<MailedSignIn | null> {
    const { secondStepKeeper, pendingSignInCookie, mailedCodes } = this.#parts
    const pending = await secondStepKeeper.find(pendingSignInCookie.read(req), null)
    const isMailed = pending?.methods.some(({ name }) => name === mailedCodes.name) === true
    return isMailed ? mailedCodes.look(pending) : null
  }
}
