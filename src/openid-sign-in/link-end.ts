import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Door } from '../sign-in/door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoMode } from '../sudo-mode/sudo-mode.js'
import type { ErrandEnd, Return } from './errand-end.js'
import type { IdentityKeeper } from './identity-keeper.js'
import type { OpenidProblem } from './openid-problem.js'

export type LinkEndParts = {
  door: Door
  sudoMode: SudoMode
  identityKeeper: IdentityKeeper
  visitorReader: VisitorReader
}

/** Links an identity to the account of whoever set out for that, still signed in and asked anew a short time ago. */
export class LinkEnd implements ErrandEnd {
  readonly #parts: LinkEndParts

  constructor(parts: LinkEndParts) {
    this.#parts = parts
  }

  /** See `ErrandEnd`. */
  async finish(req: FastifyRequest, reply: FastifyReply, { identity, errand, destination }: Return) {
    const { door, sudoMode, identityKeeper, visitorReader } = this.#parts
    const signedIn = await door.find(req, reply)
    if (signedIn === null || signedIn.session.id !== errand.sessionId)
      return { kind: 'over' } as OpenidProblem
    const visitor = visitorReader.read(req, reply)
    if (!(await sudoMode.isProved(signedIn, visitor.deviceToken)))
      return {
        kind: 'answered' as const,
        reply: reply.redirect(signInAddress('/profile/openid', errand.redirectUrl), 303),
      }
    const outcome = await identityKeeper.link(signedIn, identity, visitor)
    if (outcome.kind === 'sessionOver') return { kind: 'over' } as OpenidProblem
    if (outcome.kind === 'identityTaken') return outcome
    req.log.info({ accountId: signedIn.session.accountId }, 'an identity was linked')
    const url = errand.redirectUrl === '' ? '/profile?notice=identityLinked' : destination.url
    return { kind: 'answered' as const, reply: reply.redirect(url, 303) }
  }
}
