import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { withJsonBodies } from '../http/json-routes.js'
import type { PendingSignInCookie } from '../second-factor/pending-sign-in-cookie.js'
import type { SecondStepKeeper } from '../second-factor/second-step-keeper.js'
import { stepPaths } from '../second-factor/second-step-method.js'
import { sendSignInOver } from '../second-factor/send-next.js'
import { sendRefusal } from '../sign-in/send-refusal.js'
import { assertionStatuses } from '../webauthn/assertion-refusal.js'
import { findRelyingParty } from '../webauthn/relying-party.js'
import type { WebauthnStep } from './webauthn-step.js'

export type WebauthnStepOptionsHandlerParts = {
  webauthnStep: WebauthnStep
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
  publicOrigin: string | null
}

/** Tells programs what to ask a browser for after the password. */
export class WebauthnStepOptionsHandler {
  readonly #parts: WebauthnStepOptionsHandlerParts

  constructor(parts: WebauthnStepOptionsHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    withJsonBodies(app, (scope) => {
      scope.post(`/api${stepPaths.passkey}/options`, (req, reply) => this.#ask(req, reply))
    })
  }

  async #ask(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { webauthnStep, secondStepKeeper, pendingSignInCookie, publicOrigin } = this.#parts
    const pending = await secondStepKeeper.find(pendingSignInCookie.read(req), null)
    if (pending === null || !pending.methods.some(({ name }) => name === webauthnStep.name))
      return sendSignInOver(reply)
    const relyingParty = findRelyingParty(req, publicOrigin)
    if (relyingParty === null) {
      const refusal = { kind: 'notHere' } as const
      return sendRefusal(reply, assertionStatuses[refusal.kind], refusal, webauthnStep.word({ refusal }))
    }
    return reply.send({ publicKey: await webauthnStep.ask(pending, relyingParty) })
  }
}
