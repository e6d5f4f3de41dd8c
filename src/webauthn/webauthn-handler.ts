import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { Door } from '../sign-in/door.js'
import type { SecondStep } from '../sign-in/second-step.js'
import type { SessionStarter } from '../sign-in/session-starter.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import { assertionStatuses, type AssertionRefusal } from './assertion-refusal.js'
import { logRefusedAssertion } from './log-refused-assertion.js'
import type { WebauthnEntrance } from './webauthn-entrance.js'
import type { WebauthnPageCreator } from './webauthn-page-creator.js'

export type WebauthnHandlerParts = {
  webauthnEntrance: WebauthnEntrance
  webauthnPageCreator: WebauthnPageCreator
  destinationReader: DestinationReader
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  door: Door
  visitorReader: VisitorReader
  secondStep: SecondStep
  sessionStarter: SessionStarter
}

const path = '/login/webauthn'

/** The page on which somebody signs in with a passkey; what they were going to is kept in mind, as by the login page. */
export class WebauthnHandler {
  readonly #parts: WebauthnHandlerParts

  constructor(parts: WebauthnHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showPage(req, reply))
    app.post(path, (req, reply) => this.#signIn(req, reply))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, door } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') return this.#refuseRedirect(reply, destination.refusal)
    if ((await door.find(req, reply)) !== null) return reply.redirect(destination.url, 303)
    return this.#sendPage(req, reply, destination.address, null)
  }

  async #signIn(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { webauthnEntrance, destinationReader, visitorReader, secondStep, sessionStarter } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') return this.#refuseRedirect(reply, destination.refusal)
    const { address, url } = destination
    const visitor = visitorReader.read(req, reply)
    const outcome = await webauthnEntrance.authenticate(req, visitor)
    if (outcome.kind === 'secondStepDue')
      return secondStep.lead(req, reply, outcome.account, visitor, address, outcome.firstFactor)
    if (outcome.kind !== 'success') {
      logRefusedAssertion(req, outcome)
      return this.#sendPage(req, reply, address, outcome)
    }
    const session = await sessionStarter.start(req, outcome, visitor)
    if (session === null) return this.#sendPage(req, reply, address, { kind: 'accountChanged' })
    const way = await sessionStarter.findWay(session.account, url, address)
    sessionStarter.handOver(reply, session)
    return reply.redirect(way, 303)
  }

  /** Each page has a challenge of its own, also after a refusal. */
  async #sendPage(
    req: FastifyRequest,
    reply: FastifyReply,
    redirectUrl: string,
    refusal: AssertionRefusal | null,
  ): Promise<FastifyReply> {
    const { webauthnEntrance, webauthnPageCreator } = this.#parts
    const options = await webauthnEntrance.ask(req, reply)
    const page = await webauthnPageCreator.buildSignInPage(options, redirectUrl, refusal)
    return sendHtml(reply, refusal === null ? 200 : assertionStatuses[refusal.kind], page)
  }

  async #refuseRedirect(reply: FastifyReply, refusal: RedirectRefusal): Promise<FastifyReply> {
    const page = await this.#parts.refusedRedirectPageCreator.buildRefusedRedirectPage(refusal)
    return sendHtml(reply, 400, page)
  }
}
