import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readEmail } from '../accounts/read-email.js'
import { readUsername } from '../accounts/read-username.js'
import { sendHtml } from '../http/html-reply.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { Door } from '../sign-in/door.js'
import type { RegisterProblem } from '../sign-in/register-req.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { IdentityKeeper } from './identity-keeper.js'
import type { KnownArrival } from './known-arrival.js'
import type { NewcomerKeeper } from './newcomer-keeper.js'
import type { NewcomerPageCreator } from './newcomer-page-creator.js'
import type { Newcomer } from './newcomer-store.js'
import type { OpenidCookie } from './openid-cookie.js'
import type { OpenidPageCreator } from './openid-page-creator.js'
import { problemStatuses } from './openid-problem.js'

export type NewcomerHandlerParts = {
  newcomerKeeper: NewcomerKeeper
  newcomerCookie: OpenidCookie
  newcomerPageCreator: NewcomerPageCreator
  openidPageCreator: OpenidPageCreator
  identityKeeper: IdentityKeeper
  knownArrival: KnownArrival
  visitorReader: VisitorReader
  destinationReader: DestinationReader
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  door: Door
}

type Arrived = { token: string; newcomer: Newcomer; address: string; url: string }

const path = '/login/openid/username'

/** Has people choose a username whom another service has told of, and who are new here. */
export class NewcomerHandler {
  readonly #parts: NewcomerHandlerParts

  constructor(parts: NewcomerHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showForm(req, reply))
    app.post(path, (req, reply) => this.#register(req, reply))
  }

  async #showForm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const arrived = await this.#enter(req, reply)
    if (arrived === null) return reply
    const { username, email } = arrived.newcomer
    const form = { username, email, cameAs: callNewcomer(arrived.newcomer), redirectUrl: arrived.address }
    return sendHtml(reply, 200, await this.#parts.newcomerPageCreator.buildNewcomerPage(form))
  }

  async #register(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { newcomerPageCreator, identityKeeper, newcomerKeeper, newcomerCookie } = this.#parts
    const { knownArrival, visitorReader } = this.#parts
    const arrived = await this.#enter(req, reply)
    if (arrived === null) return reply
    const [username, email] = [readUsername(req.body), readEmail(req.body)]
    const form = {
      username: username.typed,
      email: email.typed,
      cameAs: callNewcomer(arrived.newcomer),
      redirectUrl: arrived.address,
    }
    if (
      username.outcome.kind !== 'valid' ||
      (email.outcome.kind !== 'valid' && email.outcome.kind !== 'empty')
    ) {
      const problems: RegisterProblem[] = []
      if (username.outcome.kind !== 'valid') problems.push({ field: 'username', refusal: username.outcome })
      if (email.outcome.kind !== 'valid' && email.outcome.kind !== 'empty')
        problems.push({ field: 'email', refusal: email.outcome })
      return sendHtml(reply, 400, await newcomerPageCreator.buildNewcomerErrorPage(form, problems))
    }

    const wish = { username: username.outcome, email: email.outcome.kind === 'valid' ? email.outcome : null }
    const visitor = visitorReader.read(req, reply)
    const outcome = await identityKeeper.add(arrived.newcomer.identity, wish, visitor)
    if (outcome.kind === 'usernameUnavailable' || outcome.kind === 'emailUnavailable')
      return sendHtml(reply, 409, await newcomerPageCreator.buildUnavailablePage(form, outcome))
    await newcomerKeeper.finish(arrived.token)
    newcomerCookie.erase(reply)
    const deed = outcome.kind === 'added' ? 'registered' : 'signed in'
    return knownArrival.goOn(req, reply, outcome.account, visitor, arrived, deed)
  }

  /** @returns null for a browser that has not just come from there, which is answered then */
  async #enter(req: FastifyRequest, reply: FastifyReply): Promise<Arrived | null> {
    const { destinationReader, refusedRedirectPageCreator, newcomerCookie, newcomerKeeper, door } =
      this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      sendHtml(reply, 400, await refusedRedirectPageCreator.buildRefusedRedirectPage(destination.refusal))
      return null
    }
    const token = newcomerCookie.read(req)
    const newcomer = await newcomerKeeper.find(token)
    if (token !== null && newcomer !== null) return { token, newcomer, ...destination }
    if ((await door.find(req, reply)) !== null) reply.redirect(destination.url, 303)
    else if (token === null) reply.redirect(signInAddress('/login', destination.address), 303)
    else await this.#turnAway(reply, destination.address)
    return null
  }

  async #turnAway(reply: FastifyReply, redirectUrl: string): Promise<void> {
    const problem = { kind: 'over' } as const
    const errand = { purpose: 'signIn', redirectUrl } as const
    const page = await this.#parts.openidPageCreator.buildProblemPage(problem, errand)
    sendHtml(reply, problemStatuses[problem.kind], page)
  }
}

/** For whoever has several accounts there; nothing rests on it. */
function callNewcomer({ email, username }: Newcomer): string {
  return email === '' ? username : email
}
