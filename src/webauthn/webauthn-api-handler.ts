import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { withJsonBodies } from '../http/json-routes.js'
import type { ProgramWelcome } from '../sign-in/program-welcome.js'
import type { SecondStep } from '../sign-in/second-step.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { SessionStarter } from '../sign-in/session-starter.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import { assertionStatuses, wordAssertionRefusal, type AssertionRefusal } from './assertion-refusal.js'
import { logRefusedAssertion } from './log-refused-assertion.js'
import type { WebauthnEntrance } from './webauthn-entrance.js'

export type WebauthnApiHandlerParts = {
  webauthnEntrance: WebauthnEntrance
  visitorReader: VisitorReader
  secondStep: SecondStep
  sessionStarter: SessionStarter
  programWelcome: ProgramWelcome
}

/** Signing in with a passkey for programs: by the rules and in the words of the page, as JSON. */
export class WebauthnApiHandler {
  readonly #parts: WebauthnApiHandlerParts

  constructor(parts: WebauthnApiHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const preHandler = this.#parts.programWelcome.check
    withJsonBodies(app, (scope) => {
      scope.post('/api/login/webauthn/options', (req, reply) => this.#ask(req, reply))
      scope.post('/api/login/webauthn', { preHandler }, (req, reply) => this.#signIn(req, reply))
    })
  }

  async #ask(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const mediation = readFormField(req.body, 'mediation')
    const isOffered = mediation.kind === 'text' && mediation.text === 'conditional'
    const publicKey = await this.#parts.webauthnEntrance.ask(req, reply, isOffered)
    return publicKey === null ? refuse(reply, { kind: 'notHere' }) : reply.send({ publicKey })
  }

  async #signIn(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { webauthnEntrance, visitorReader, secondStep, sessionStarter, programWelcome } = this.#parts
    const visitor = visitorReader.read(req, reply)
    const outcome = await webauthnEntrance.authenticate(req, visitor)
    if (outcome.kind === 'secondStepDue')
      return secondStep.tell(req, reply, outcome.account, visitor, outcome.firstFactor)
    if (outcome.kind !== 'success') {
      logRefusedAssertion(req, outcome)
      return refuse(reply, outcome)
    }
    const session = await sessionStarter.start(req, outcome, visitor)
    if (session === null) return refuse(reply, { kind: 'accountChanged' })
    return programWelcome.send(reply, 200, session, visitor)
  }
}

function refuse(reply: FastifyReply, refusal: AssertionRefusal): FastifyReply {
  return sendRefusal(reply, assertionStatuses[refusal.kind], refusal, wordAssertionRefusal(refusal))
}
