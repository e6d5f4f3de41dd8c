import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import { ownOrigin } from '../http/own-origin.js'
import { createRandomToken } from '../secrets/create-random-token.js'
import { describeCause } from './describe-cause.js'
import { sealErrand, type Errand } from './errand.js'
import type { OpenidCookie } from './openid-cookie.js'
import type { OpenidPageCreator } from './openid-page-creator.js'
import { problemStatuses } from './openid-problem.js'
import type { OpenidProvider } from './openid-provider.js'
import { callbackPath } from './set-out-paths.js'

export type SetOutParts = {
  openidProvider: OpenidProvider
  errandCookie: OpenidCookie
  openidPageCreator: OpenidPageCreator
  publicOrigin: string | null
  now: () => Date
}

const retryAfterSeconds = 30

/** Sends browsers to the other service. Nothing is written down for it, however many set out. */
export class SetOut {
  readonly #parts: SetOutParts

  constructor(parts: SetOutParts) {
    this.#parts = parts
  }

  /** By a link and not by a form, which may lead to no other site: see `form-action` in the security headers. */
  async send(
    req: FastifyRequest,
    reply: FastifyReply,
    purpose: Omit<Errand, 'setOutAt'>,
  ): Promise<FastifyReply> {
    const { openidProvider, errandCookie, publicOrigin, now } = this.#parts
    // The same for every tab: each of them can come back.
    const browserToken = errandCookie.read(req) ?? createRandomToken()
    const errand = { ...purpose, setOutAt: now() }
    const papers = sealErrand(browserToken, errand)
    const redirectUri = `${ownOrigin(req, publicOrigin)}${callbackPath}`
    const way = await openidProvider.findWay(papers, redirectUri, errand.purpose === 'prove')
    if (way.kind === 'unavailable') return this.refuseUnavailable(req, reply, way.cause, errand)
    errandCookie.write(reply, browserToken)
    return reply.redirect(way.url, 303)
  }

  /** Says that the other service cannot be reached. */
  async refuseUnavailable(
    req: FastifyRequest,
    reply: FastifyReply,
    cause: unknown,
    errand: Errand,
  ): Promise<FastifyReply> {
    req.log.warn(describeCause(cause), 'the OpenID provider could not be asked')
    reply.header('retry-after', retryAfterSeconds)
    const problem = { kind: 'unavailable' } as const
    const page = await this.#parts.openidPageCreator.buildProblemPage(problem, errand)
    return sendHtml(reply, problemStatuses[problem.kind], page)
  }
}
