import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { EmailCodeSender } from '../recovery/email-code-sender.js'
import type { ProofPageCreator } from './proof-page-creator.js'
import type { ProofStep } from './proof-step.js'
import type { RecoverRequestParser } from './recover-request-parser.js'
import type { RecoveryEntrance } from './recovery-entrance.js'
import type { SimpleProofMethod } from '../recovery/recovery-method.js'

export type RecoverProofHandlerParts = {
  /** Those that the operator has not left out. */
  methods: readonly SimpleProofMethod[]
  requestParser: RecoverRequestParser
  recoveryEntrance: RecoveryEntrance
  proofStep: ProofStep
  emailCodeSender: EmailCodeSender
  visitorReader: VisitorReader
  proofPageCreator: ProofPageCreator
}

/** The ways back that ask for one thing on one page: the passkey, a mailed code, a code from the operator. */
export class RecoverProofHandler {
  readonly #parts: RecoverProofHandlerParts

  constructor(parts: RecoverProofHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    for (const method of this.#parts.methods) {
      app.get(`/recover/${method}`, (req, reply) => this.#showProofPage(req, reply, method))
      app.post(`/recover/${method}`, (req, reply) => this.#prove(req, reply, method))
      if (method === 'email') app.post('/recover/email/send', (req, reply) => this.#sendEmailCode(req, reply))
    }
  }

  async #showProofPage(
    req: FastifyRequest,
    reply: FastifyReply,
    method: SimpleProofMethod,
  ): Promise<FastifyReply> {
    const { recoveryEntrance, proofPageCreator } = this.#parts
    const onTheWay = await recoveryEntrance.enter(req, reply, 'proof')
    if (onTheWay === null) return reply
    const form = { username: onTheWay.ticket.name, redirectUrl: onTheWay.redirectUrl }
    const shown = { ...form, typed: '', isSentAgain: isAgain(req) }
    const page = await proofPageCreator.buildProofPage(method, shown)
    return sendHtml(reply, 200, page)
  }

  async #prove(req: FastifyRequest, reply: FastifyReply, method: SimpleProofMethod): Promise<FastifyReply> {
    const { requestParser, recoveryEntrance, proofStep, proofPageCreator } = this.#parts
    const onTheWay = await recoveryEntrance.enter(req, reply, 'proof')
    if (onTheWay === null) return reply
    const form = { username: onTheWay.ticket.name, redirectUrl: onTheWay.redirectUrl }
    const field = requestParser.parseProof(req)
    if (field.kind === 'invalid')
      return sendHtml(reply, 400, await proofPageCreator.buildProofErrorPage(method, form, field.reason))
    const typed = field.text
    return proofStep.take(req, reply, onTheWay, { method, typed: [typed] }, (notice) =>
      proofPageCreator.buildProofPage(method, { ...form, typed }, notice),
    )
  }

  /** A page of its own follows, so that reloading it sends no further mail. */
  async #sendEmailCode(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { recoveryEntrance, emailCodeSender, visitorReader } = this.#parts
    const onTheWay = await recoveryEntrance.enter(req, reply, 'proof')
    if (onTheWay === null) return reply
    await emailCodeSender.send(onTheWay.recovery, visitorReader.read(req, reply))
    const path = isAgain(req) ? '/recover/email?again=yes' : '/recover/email'
    return reply.redirect(signInAddress(path, onTheWay.redirectUrl), 303)
  }
}

/** Whether a code was asked for on the page that has announced one already. */
function isAgain(req: FastifyRequest): boolean {
  return readFormField(req.query, 'again').kind === 'text'
}
