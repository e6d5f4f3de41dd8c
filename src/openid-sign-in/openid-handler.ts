import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AddressLimit } from '../attempts/address-limit.js'
import { addressNetwork } from '../attempts/address-network.js'
import { readFormField } from '../http/form-field.js'
import { getOnly } from '../http/get-only.js'
import { sendHtml } from '../http/html-reply.js'
import { ownOrigin } from '../http/own-origin.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import type { Door } from '../sign-in/door.js'
import type { UsedOnceStore } from '../used-once/used-once-store.js'
import { describeCause } from './describe-cause.js'
import { openErrand, type Errand, type ErrandPapers } from './errand.js'
import type { ErrandEnd } from './errand-end.js'
import type { OpenidCookie } from './openid-cookie.js'
import type { OpenidPageCreator } from './openid-page-creator.js'
import { problemStatuses, type OpenidProblem } from './openid-problem.js'
import type { OpenidProvider } from './openid-provider.js'
import { callbackPath, setOutPaths } from './set-out-paths.js'
import type { SetOut } from './set-out.js'

export type OpenidHandlerParts = {
  openidProvider: OpenidProvider
  errandCookie: OpenidCookie
  setOut: SetOut
  ends: { [purpose in Errand['purpose']]: ErrandEnd }
  usedOnceStore: UsedOnceStore
  addressLimit: AddressLimit
  openidPageCreator: OpenidPageCreator
  destinationReader: DestinationReader
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  door: Door
  publicOrigin: string | null
  validitySeconds: number
  now: () => Date
}

/** As what errands that have come back are used up: see `UsedOnceStore`. */
const oncePurpose = 'openid errand'

/** Sends people to another service to sign in, and takes all who come back from there, whatever they had set out for. */
export class OpenidHandler {
  readonly #parts: OpenidHandlerParts

  constructor(parts: OpenidHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(setOutPaths.signIn, (req, reply) => this.#setOut(req, reply))
    app.get(callbackPath, getOnly, (req, reply) => this.#comeBack(req, reply))
  }

  async #setOut(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, setOut } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') return this.#refuseRedirect(reply, destination.refusal)
    return setOut.send(req, reply, {
      purpose: 'signIn',
      redirectUrl: destination.address,
      sessionId: null,
    })
  }

  async #comeBack(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { openidProvider, ends, usedOnceStore, addressLimit, setOut } = this.#parts
    const { destinationReader, publicOrigin } = this.#parts
    const opened = this.#open(req)
    if (opened === null) return this.#refuse(req, reply, { kind: 'over' }, null)
    const { errand, papers } = opened
    const expiresAt = this.#expiresAt(errand)
    if (expiresAt <= this.#parts.now()) return this.#refuse(req, reply, { kind: 'over' }, errand)
    const destination = destinationReader.judge(req, errand.redirectUrl)
    if (destination.kind === 'refused') return this.#refuseRedirect(reply, destination.refusal)

    const network = addressNetwork(req.ip)
    const bar = await addressLimit.refuse(network)
    if (bar !== null) return this.#refuse(req, reply, bar, errand)
    const url = new URL(callbackPath + req.url.slice(req.url.indexOf('?')), ownOrigin(req, publicOrigin))
    const outcome = await openidProvider.redeem(url, papers)
    switch (outcome.kind) {
      case 'unavailable':
        return setOut.refuseUnavailable(req, reply, outcome.cause, errand)
      case 'declined':
        return this.#refuse(req, reply, outcome, errand)
      case 'refused':
        if (await usedOnceStore.has(oncePurpose, papers.state))
          return this.#comeAgain(req, reply, errand, destination.url)
        await addressLimit.count(network)
        req.log.warn(describeCause(outcome.cause), 'the answer of the OpenID provider was refused')
        return this.#refuse(req, reply, { kind: 'refused' }, errand)
      case 'proved': {
        // Whatever the provider thinks of codes that are used twice.
        if (!(await usedOnceStore.use(oncePurpose, papers.state, expiresAt)))
          return this.#comeAgain(req, reply, errand, destination.url)
        const end = await ends[errand.purpose].finish(req, reply, { ...outcome, errand, destination })
        return end.kind === 'answered' ? end.reply : this.#refuse(req, reply, end, errand)
      }
    }
  }

  /** Null for a browser that did not set out with this. */
  #open(req: FastifyRequest): { errand: Errand; papers: ErrandPapers } | null {
    const browserToken = this.#parts.errandCookie.read(req)
    const state = readFormField(req.query, 'state')
    return browserToken === null || state.kind !== 'text' ? null : openErrand(browserToken, state.text)
  }

  #expiresAt({ setOutAt }: Errand): Date {
    const { validitySeconds, now } = this.#parts
    // Of an errand from the future the browser has made up the time.
    return new Date(Math.min(setOutAt.getTime(), now().getTime()) + validitySeconds * 1000)
  }

  /** Whoever loads the address anew, or goes back to it, and was signed in by it. */
  async #comeAgain(
    req: FastifyRequest,
    reply: FastifyReply,
    errand: Errand,
    url: string,
  ): Promise<FastifyReply> {
    const isIn = errand.purpose === 'signIn' && (await this.#parts.door.find(req, reply)) !== null
    return isIn ? reply.redirect(url, 303) : this.#refuse(req, reply, { kind: 'over' }, errand)
  }

  async #refuse(
    req: FastifyRequest,
    reply: FastifyReply,
    problem: OpenidProblem,
    errand: Errand | null,
  ): Promise<FastifyReply> {
    req.log.info({ clientAddress: req.ip, purpose: errand?.purpose }, `openid: ${problem.kind}`)
    if ('retryAfterSeconds' in problem) reply.header('retry-after', problem.retryAfterSeconds)
    const page = await this.#parts.openidPageCreator.buildProblemPage(problem, errand)
    return sendHtml(reply, problemStatuses[problem.kind], page)
  }

  async #refuseRedirect(reply: FastifyReply, refusal: RedirectRefusal): Promise<FastifyReply> {
    const page = await this.#parts.refusedRedirectPageCreator.buildRefusedRedirectPage(refusal)
    return sendHtml(reply, 400, page)
  }
}
