import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isTicked } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import { stepPaths } from './second-step-method.js'
import type { OnTheWayIn } from './step-entrance.js'
import type { StepExit } from './step-exit.js'
import { stepPlace, type StepPurpose } from './step-place.js'
import { logStep, stepStatuses, type StepRefusalKind } from './step-refusal.js'
import type { ShownStep, ShownStepPage } from './shown-step.js'

export type StepHandlerParts<Refusal extends { kind: StepRefusalKind }, Shown, Entered extends OnTheWayIn> = {
  purpose: StepPurpose
  step: ShownStep<Refusal, Shown>
  page: ShownStepPage<Entered>
  secondStepKeeper: SecondStepKeeper
  stepExit: Pick<StepExit, 'leave'>
  visitorReader: VisitorReader
}

/** Takes what is shown after the password, whatever it is, and whatever it is for. */
export class StepHandler<Refusal extends { kind: StepRefusalKind }, Shown, Entered extends OnTheWayIn> {
  readonly #parts: StepHandlerParts<Refusal, Shown, Entered>

  constructor(parts: StepHandlerParts<Refusal, Shown, Entered>) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const { purpose, step } = this.#parts
    const path = stepPlace(purpose, stepPaths[step.name])
    app.get(path, (req, reply) => this.#showPage(req, reply))
    app.post(path, (req, reply) => this.#take(req, reply))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { page } = this.#parts
    const onTheWay = await page.enter(req, reply)
    if (onTheWay === null) return reply
    return sendHtml(reply, 200, await page.build(onTheWay, null, false))
  }

  async #take(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { purpose, step, page, secondStepKeeper, stepExit, visitorReader } = this.#parts
    const onTheWay = await page.enter(req, reply)
    if (onTheWay === null) return reply
    const { pending } = onTheWay
    const isTrustWanted = purpose === 'signIn' && isTicked(req.body, 'trust')
    const visitor = visitorReader.read(req, reply)
    const outcome = await secondStepKeeper.prove(step, pending, step.read(req), isTrustWanted, visitor)
    if (outcome.kind === 'right') return stepExit.leave(req, reply, onTheWay, outcome.person, visitor)
    const { refusal } = outcome
    logStep(req, pending, refusal.kind)
    if ('retryAfterSeconds' in refusal) reply.header('retry-after', refusal.retryAfterSeconds)
    const html = await page.build(onTheWay, step.word(outcome), isTrustWanted)
    return sendHtml(reply, stepStatuses[refusal.kind], html)
  }
}
