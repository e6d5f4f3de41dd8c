import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readEmail } from '../accounts/read-email.js'
import { wordEmailProblem } from '../accounts/word-email-problem.js'
import { readFormField } from '../http/form-field.js'
import { withJsonBodies } from '../http/json-routes.js'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import type { ProgramWelcome } from '../sign-in/program-welcome.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { SessionStarter } from '../sign-in/session-starter.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import { logCode } from './log-code.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import { sendNext, sendSignInOver } from './send-next.js'
import { addressTaken, codeStatuses, wordCodeRefusal, type CodeRefusal } from './word-code-refusal.js'

export type CodeApiHandlerParts = {
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
  sessionStarter: SessionStarter
  programWelcome: ProgramWelcome
  visitorReader: VisitorReader
  now: () => Date
}

/** Where the word of the page says too little without its page. */
const errorNames: { [kind in CodeRefusal['kind']]?: string } = {
  wrong: 'incorrectCode',
  expired: 'codeExpired',
}

const addressKnown = {
  heading: 'This account has a confirmed e-mail address',
  text: 'Codes go there.',
}

/** The code at sign-in for programs: by the rules and in the words of the page. The sign-in belongs to who holds its cookie. */
export class CodeApiHandler {
  readonly #parts: CodeApiHandlerParts

  constructor(parts: CodeApiHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const preHandler = this.#parts.programWelcome.check
    withJsonBodies(app, (scope) => {
      scope.post('/api/login/email', (req, reply) => this.#takeAddress(req, reply))
      scope.post('/api/login/code', { preHandler }, (req, reply) => this.#signIn(req, reply))
      scope.post('/api/login/code/send', (req, reply) => this.#sendAgain(req, reply))
    })
  }

  async #takeAddress(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { secondStepKeeper, pendingSignInCookie, visitorReader, now } = this.#parts
    const { outcome: wanted } = readEmail(req.body)
    if (wanted.kind !== 'valid')
      return sendRefusedFields(reply, [{ field: 'email' }], () => wordEmailProblem(wanted))
    const pending = await secondStepKeeper.find(pendingSignInCookie.read(req))
    if (pending === null) return sendSignInOver(reply)
    if (pending.isAddressConfirmed) return sendRefusal(reply, 409, { kind: 'alreadyConfirmed' }, addressKnown)
    const outcome = await secondStepKeeper.giveAddress(pending, wanted, visitorReader.read(req, reply))
    if (outcome.kind !== 'asked') return sendRefusal(reply, 409, outcome, addressTaken)
    return sendNext(reply, outcome.pending, await secondStepKeeper.findCode(pending), now())
  }

  async #signIn(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { secondStepKeeper, pendingSignInCookie, sessionStarter, programWelcome, visitorReader } =
      this.#parts
    const code = readFormField(req.body, 'code')
    if (code.kind !== 'text')
      return sendRefusedFields(reply, [{ field: 'code' }], () => 'Send the code as one text.')
    const pending = await secondStepKeeper.find(pendingSignInCookie.read(req))
    if (pending === null) return sendSignInOver(reply)
    const visitor = visitorReader.read(req, reply)
    const isTrustWanted = readFormField(req.body, 'trust').kind === 'text'
    const outcome = await secondStepKeeper.prove(pending, code.text, isTrustWanted, visitor)
    if (outcome.kind !== 'right') {
      logCode(req, pending, outcome)
      const words = wordCodeRefusal(outcome)
      if (outcome.kind === 'unreadable')
        return sendRefusedFields(reply, [{ field: 'code' }], () => words.messages?.code ?? '')
      const refusal = { ...outcome, kind: errorNames[outcome.kind] ?? outcome.kind }
      return sendRefusal(reply, codeStatuses[outcome.kind], refusal, words)
    }
    const session = await sessionStarter.start(req, outcome.person, visitor)
    if (session === null) return sendSignInOver(reply)
    await secondStepKeeper.finish(pending)
    pendingSignInCookie.erase(reply)
    return programWelcome.send(reply, 200, session, visitor)
  }

  async #sendAgain(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { secondStepKeeper, pendingSignInCookie, visitorReader, now } = this.#parts
    const pending = await secondStepKeeper.find(pendingSignInCookie.read(req))
    if (pending === null) return sendSignInOver(reply)
    const asked = await secondStepKeeper.sendAgain(pending, visitorReader.read(req, reply))
    return sendNext(reply, asked, await secondStepKeeper.findCode(asked), now())
  }
}
