import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Door } from '../sign-in/door.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { ProofDesk } from '../sudo-mode/proof-desk.js'
import type { ErrandEnd, Return } from './errand-end.js'
import type { IdentityKeeper } from './identity-keeper.js'
import type { OpenidProblem } from './openid-problem.js'

export type ProofEndParts = {
  door: Door
  visitorReader: VisitorReader
  proofDesk: ProofDesk
  identityKeeper: IdentityKeeper
  now: () => Date
}

/** Not since setting out: when that was, only the browser says. */
const freshMs = 300_000

/** Clocks may differ by so much; a time further ahead is none, and would be fresh for ever. */
const skewMs = 30_000

/** Takes another service's word instead of a password: of its own owner, who had to show there just now who they are. */
export class ProofEnd implements ErrandEnd {
  readonly #parts: ProofEndParts

  constructor(parts: ProofEndParts) {
    this.#parts = parts
  }

  /** See `ErrandEnd`. */
  async finish(
    req: FastifyRequest,
    reply: FastifyReply,
    { identity, authenticatedAt, errand, destination }: Return,
  ) {
    const { door, visitorReader, proofDesk, identityKeeper, now } = this.#parts
    const signedIn = await door.find(req, reply)
    if (signedIn === null || signedIn.session.id !== errand.sessionId)
      return { kind: 'over' } as OpenidProblem
    const account = await identityKeeper.find(identity)
    if (account?.id !== signedIn.session.accountId) return { kind: 'anotherIdentity' } as OpenidProblem
    // Another service's word is not to take the place of a password, which is asked for then.
    if (account.hasPassword) return { kind: 'answered' as const, reply: reply.redirect(destination.url, 303) }
    if (authenticatedAt === null || !isFresh(now().getTime() - authenticatedAt.getTime()))
      return { kind: 'notRecent' } as OpenidProblem
    req.log.info({ accountId: account.id }, 'sudo: shown by another service')
    const { address: redirectUrl, url } = destination
    const prover = { signedIn, visitor: visitorReader.read(req, reply), redirectUrl, url }
    const answered = await proofDesk.goOn(req, reply, prover, account)
    if (answered === null) return { kind: 'over' } as OpenidProblem
    return { kind: 'answered' as const, reply: answered }
  }
}

function isFresh(ageMs: number): boolean {
  return ageMs >= -skewMs && ageMs <= freshMs
}
