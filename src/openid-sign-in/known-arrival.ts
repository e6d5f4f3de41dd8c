import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import { admitKnown } from '../sign-in/admit-known.js'
import type { SecondStep } from '../sign-in/second-step.js'
import type { SessionStarter } from '../sign-in/session-starter.js'
import type { SignInGate } from '../sign-in/sign-in-gate.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { Visitor } from '../sign-in/visitor.js'

export type KnownArrivalParts = {
  signInGate: SignInGate
  secondStep: SecondStep
  sessionStarter: SessionStarter
}

/** How signing in ends for a browser whose owner another service has named: as after a right password. */
export class KnownArrival {
  readonly #parts: KnownArrivalParts

  constructor(parts: KnownArrivalParts) {
    this.#parts = parts
  }

  /** @param destination where they were going, as asked for and as it is sent */
  async goOn(
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
    destination: { address: string; url: string },
    deed: 'signed in' | 'registered' = 'signed in',
  ): Promise<FastifyReply> {
    const { secondStep, sessionStarter } = this.#parts
    const { address, url } = destination
    const person = await admitKnown(account, { kind: 'provider' }, visitor, this.#parts)
    if (person.kind === 'secondStepDue')
      return secondStep.lead(req, reply, account, visitor, address, person.firstFactor)
    const session = await sessionStarter.start(req, person, visitor, deed)
    // The account has got another password, or was removed, at this very moment.
    if (session === null) return reply.redirect(signInAddress('/login', address), 303)
    const way = await sessionStarter.findWay(account, url, address)
    sessionStarter.handOver(reply, session)
    return reply.redirect(way, 303)
  }
}
