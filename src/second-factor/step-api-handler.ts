import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isTicked } from '../http/form-field.js'
import { withJsonBodies } from '../http/json-routes.js'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import type { ProgramWelcome } from '../sign-in/program-welcome.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import { stepPaths } from './second-step-method.js'
import { sendSignInOver } from './send-next.js'
import type { StepExit } from './step-exit.js'
import { logStep, stepErrorName, stepStatuses, type StepRefusalKind } from './step-refusal.js'
import type { ShownStep } from './shown-step.js'

export type StepApiHandlerParts<Refusal extends { kind: StepRefusalKind }, Shown> = {
  step: ShownStep<Refusal, Shown>
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
  stepExit: StepExit
  programWelcome: ProgramWelcome
  visitorReader: VisitorReader
}

/**
 * What is shown after the password, for programs: by the rules and in the words of the pages. The sign-in belongs to who holds
 * its cookie.
 */
export class StepApiHandler<Refusal extends { kind: StepRefusalKind }, Shown> {
  readonly #parts: StepApiHandlerParts<Refusal, Shown>

  constructor(parts: StepApiHandlerParts<Refusal, Shown>) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const { step, programWelcome } = this.#parts
    const preHandler = programWelcome.check
    withJsonBodies(app, (scope) => {
      scope.post(`/api${stepPaths[step.name]}`, { preHandler }, (req, reply) => this.#signIn(req, reply))
    })
  }

  async #signIn(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { step, secondStepKeeper, pendingSignInCookie, stepExit, visitorReader } = this.#parts
    const pending = await secondStepKeeper.find(pendingSignInCookie.read(req), null)
    if (pending === null || !pending.methods.some(({ name }) => name === step.name))
      return sendSignInOver(reply)
    const visitor = visitorReader.read(req, reply)
    const isTrustWanted = isTicked(req.body, 'trust')
    const outcome = await secondStepKeeper.prove(step, pending, step.read(req), isTrustWanted, visitor)
    if (outcome.kind === 'right') return stepExit.welcome(req, reply, pending, outcome.person, visitor)
    const { refusal } = outcome
    logStep(req, pending, refusal.kind)
    const words = step.word(outcome)
    if (refusal.kind === 'unreadable')
      return sendRefusedFields(reply, [{ field: 'code' }], () => words.messages?.code ?? '')
    return sendRefusal(
      reply,
      stepStatuses[refusal.kind],
      { ...refusal, ...outcome.count, kind: stepErrorName(refusal.kind) },
      words,
    )
  }
}
