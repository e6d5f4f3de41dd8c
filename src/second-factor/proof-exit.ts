import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Door } from '../sign-in/door.js'
import type { ProvedPerson } from '../sign-in/session-starter.js'
import { describeAccount } from '../sign-in/sign-in-log.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { ProofDesk } from '../sudo-mode/proof-desk.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import type { OnTheWayIn } from './step-entrance.js'
import type { StepExit } from './step-exit.js'

export type ProofExitParts = {
  secondStepKeeper: SecondStepKeeper
  /** Of proofs. */ pendingSignInCookie: PendingSignInCookie
  door: Door
  proofDesk: ProofDesk
}

/** What the second step of a proof ends with: the session is proved, and has another token. */
export class ProofExit implements Pick<StepExit, 'leave'> {
  readonly #parts: ProofExitParts

  constructor(parts: ProofExitParts) {
    this.#parts = parts
  }

  /** Sends a browser back to what it wanted, whose door finds out when the session was over at this very moment. */
  async leave(
    req: FastifyRequest,
    reply: FastifyReply,
    { pending, redirectUrl, url }: OnTheWayIn,
    person: ProvedPerson,
    visitor: Visitor,
  ): Promise<FastifyReply> {
    const { secondStepKeeper, pendingSignInCookie, door, proofDesk } = this.#parts
    const signedIn = await door.find(req, reply)
    if (signedIn === null || signedIn.session.id !== pending.sessionId) return reply.redirect(url, 303)
    // Of several that are right at once, one proves it.
    if (!(await secondStepKeeper.finish(pending))) return reply.redirect(url, 303)
    pendingSignInCookie.erase(reply)
    const known = { ...visitor, deviceToken: person.deviceToken }
    const proved = await proofDesk.finish(reply, { signedIn, visitor: known, redirectUrl, url }, true)
    if (proved === null) return reply.redirect(url, 303)
    req.log.info(describeAccount(req, person.account), 'sudo: proved by a second step')
    return proved
  }
}
