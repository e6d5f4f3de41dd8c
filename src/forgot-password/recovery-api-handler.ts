import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { withJsonBodies } from '../http/json-routes.js'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import { securityQuestions } from '../security-questions/security-questions.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { AskedQuestions } from '../recovery/asked-questions.js'
import type { EmailCodeSender } from '../recovery/email-code-sender.js'
import { logProof } from './log-proof.js'
import { proofStatuses } from './proof-statuses.js'
import { readProofRequest, type FieldProblem, type ProofField } from './read-proof-request.js'
import { readTypedField } from './read-typed-field.js'
import type { RecoveryCookie } from '../recovery/recovery-cookie.js'
import type { RecoveryKeeper } from '../recovery/recovery-keeper.js'
import type { ProofMethod, RecoveryMethod } from '../recovery/recovery-method.js'
import type { RecoveryOffer } from '../recovery/recovery-offer.js'
import type { Recovery } from '../recovery/recovery-store.js'
import { sendRecoveryOver } from './send-recovery-over.js'
import { wordBeginRefusal } from './word-begin-refusal.js'
import { wordProofRefusal } from '../recovery/word-proof-refusal.js'
import { wordTypedProblem } from './word-typed-problem.js'

export type RecoveryApiHandlerParts = {
  /** Those that the operator has not left out. */
  methods: readonly RecoveryMethod[]
  recoveryKeeper: RecoveryKeeper
  recoveryOffer: RecoveryOffer
  askedQuestions: AskedQuestions
  emailCodeSender: EmailCodeSender
  recoveryCookie: RecoveryCookie
  visitorReader: VisitorReader
}

/**
 * "Forgot your password?" for programs, up to the proof, by the rules and in the words of the pages. The recovery belongs
 * to whoever holds its cookie until it is proved, and from then on to whoever holds the temporary token.
 */
export class RecoveryApiHandler {
  readonly #parts: RecoveryApiHandlerParts

  constructor(parts: RecoveryApiHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const { methods } = this.#parts
    withJsonBodies(app, (scope) => {
      scope.post('/api/recover/initiate', (req, reply) => this.#initiate(req, reply))
      scope.post('/api/recover/verify-code', (req, reply) => this.#verifyCode(req, reply))
      if (methods.includes('passkey'))
        scope.post('/api/recover/verify-key', (req, reply) => this.#verify(req, reply, 'passkey', 'passkey'))
      if (methods.includes('email'))
        scope.post('/api/recover/send-code', (req, reply) => this.#sendCode(req, reply))
      if (!methods.includes('questions')) return
      scope.get('/api/recover/questions', (req, reply) => this.#showQuestions(req, reply))
      scope.post('/api/recover/verify-answers', (req, reply) =>
        this.#verify(req, reply, 'questions', 'answers'),
      )
    })
  }

  async #initiate(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { recoveryKeeper, recoveryOffer, recoveryCookie, visitorReader } = this.#parts
    const username = readTypedField(req.body, 'username')
    if (username.kind === 'invalid') {
      const problem = { field: 'username', what: 'username or e-mail address', reason: username.reason }
      return sendRefusedFields(reply, [problem], wordProblem)
    }
    const outcome = await recoveryKeeper.begin(username.text, visitorReader.read(req, reply))
    if (outcome.kind !== 'begun') {
      req.log.info({ clientAddress: req.ip }, `recovery was refused: ${outcome.kind}`)
      const status = outcome.kind === 'usernameNotFound' ? 404 : 429
      return sendRefusal(reply, status, outcome, wordBeginRefusal(outcome, username.text))
    }
    const { recovery } = outcome
    req.log.info({ accountId: recovery.accountId, clientAddress: req.ip }, 'recovery begun')
    const methods = await recoveryOffer.methodsOf(recovery)
    recoveryCookie.write(reply, { token: recovery.token, name: username.text })
    return reply.send({ methods, expiresAt: recovery.expiresAt.toISOString() })
  }

  async #showQuestions(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const request = readProofRequest(req.query, null)
    if (request.kind === 'invalid') return sendRefusedFields(reply, request.problems, wordProblem)
    const recovery = await this.#find(req, request.username)
    if (recovery === null) return sendRecoveryOver(reply)
    const keys = await this.#parts.askedQuestions.of(recovery)
    if (keys === null) {
      const words = { heading: 'This account has no security questions', text: 'Choose another way.' }
      return sendRefusal(reply, 404, { kind: 'noQuestions' }, words)
    }
    return reply.send({ questions: keys.map((key) => ({ key, question: securityQuestions[key] })) })
  }

  async #sendCode(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { emailCodeSender, visitorReader } = this.#parts
    const request = readProofRequest(req.body, null)
    if (request.kind === 'invalid') return sendRefusedFields(reply, request.problems, wordProblem)
    const recovery = await this.#find(req, request.username)
    if (recovery === null) return sendRecoveryOver(reply)
    await emailCodeSender.send(recovery, visitorReader.read(req, reply))
    return reply.code(202).send({ accepted: true })
  }

  async #verifyCode(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { methods } = this.#parts
    const source = readTypedField(req.body, 'source')
    const text = source.kind === 'text' ? source.text : ''
    if (text === 'operator') return this.#verify(req, reply, 'code', 'code')
    if (text === 'email' && methods.includes('email')) return this.#verify(req, reply, 'email', 'code')
    const message = 'Say where the code comes from: "email", if codes are mailed here, or "operator".'
    return sendRefusedFields(reply, [{ field: 'source' }], () => message)
  }

  async #verify(
    req: FastifyRequest,
    reply: FastifyReply,
    method: ProofMethod,
    field: ProofField,
  ): Promise<FastifyReply> {
    const { recoveryKeeper, recoveryCookie, visitorReader } = this.#parts
    const request = readProofRequest(req.body, field)
    if (request.kind === 'invalid') return sendRefusedFields(reply, request.problems, wordProblem)
    const recovery = await this.#find(req, request.username)
    if (recovery === null) return sendRecoveryOver(reply)
    const outcome = await recoveryKeeper.prove(
      recovery,
      method,
      request.typed,
      visitorReader.read(req, reply),
    )
    logProof(req, recovery, method, outcome)
    switch (outcome.kind) {
      case 'proved': {
        const { token, expiresAt } = outcome.recovery
        recoveryCookie.erase(reply)
        return reply.send({ tempToken: token, expiresAt: expiresAt.toISOString() })
      }
      case 'over':
        return sendRecoveryOver(reply)
      case 'unreadable': {
        const message = wordProofRefusal(method, outcome).messages?.proof ?? ''
        return sendRefusedFields(reply, [{ field }], () => message)
      }
      case 'wrong':
      case 'coolingDown':
      case 'addressCoolingDown':
      case 'busy':
        return sendRefusal(
          reply,
          proofStatuses[outcome.kind],
          outcome.kind === 'wrong' ? { ...outcome, kind: 'incorrectProof' } : outcome,
          wordProofRefusal(method, outcome),
        )
    }
  }

  /** The recovery of this program that is still to be proved. */
  async #find(req: FastifyRequest, username: string | null): Promise<Recovery | null> {
    const { recoveryKeeper, recoveryCookie } = this.#parts
    const recovery = await recoveryKeeper.find(recoveryCookie.read(req)?.token ?? null, username)
    return recovery?.provedBy === null ? recovery : null
  }
}

function wordProblem({ what, reason }: FieldProblem): string {
  return wordTypedProblem(what, reason)
}
