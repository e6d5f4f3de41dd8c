import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ProgramWelcome } from '../sign-in/program-welcome.js'
import type { ProvedPerson, SessionStarter } from '../sign-in/session-starter.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import { sendSignInOver } from './send-next.js'
import type { OnTheWayIn, StepEntrance } from './step-entrance.js'

export type StepExitParts = {
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
  sessionStarter: SessionStarter
  programWelcome: ProgramWelcome
  stepEntrance: StepEntrance
}

/** What every second step ends with: the session, or the login page when the password was changed at this very moment. */
export class StepExit {
  readonly #parts: StepExitParts

  constructor(parts: StepExitParts) {
    this.#parts = parts
  }

  /** Sends a browser to where it was going. */
  async leave(
    req: FastifyRequest,
    reply: FastifyReply,
    { pending, redirectUrl, url }: OnTheWayIn,
    person: ProvedPerson,
    visitor: Visitor,
  ): Promise<FastifyReply> {
    const { pendingSignInCookie, sessionStarter, stepEntrance } = this.#parts
    const session = await this.#start(req, pending, person, visitor)
    if (session === null) return stepEntrance.turnAway(reply, redirectUrl)
    const way = await sessionStarter.findWay(pending.account, url, redirectUrl)
    pendingSignInCookie.erase(reply)
    sessionStarter.handOver(reply, session)
    return reply.redirect(way, 303)
  }

  /** Tells a program that it is signed in. */
  async welcome(
    req: FastifyRequest,
    reply: FastifyReply,
    pending: PendingSignIn,
    person: ProvedPerson,
    visitor: Visitor,
  ): Promise<FastifyReply> {
    const { pendingSignInCookie, programWelcome } = this.#parts
    const session = await this.#start(req, pending, person, visitor)
    if (session === null) return sendSignInOver(reply)
    pendingSignInCookie.erase(reply)
    return programWelcome.send(reply, 200, session, visitor)
  }

  /** Of several that are right at once, one has a session. */
  async #start(req: FastifyRequest, pending: PendingSignIn, person: ProvedPerson, visitor: Visitor) {
    const { secondStepKeeper, sessionStarter } = this.#parts
    return (await secondStepKeeper.finish(pending)) ? sessionStarter.start(req, person, visitor) : null
  }
}
