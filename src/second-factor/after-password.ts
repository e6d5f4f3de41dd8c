import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { FirstFactor } from '../sign-in/first-factor.js'
import type { SecondStep } from '../sign-in/second-step.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { Visitor } from '../sign-in/visitor.js'
import { beginStep, type StepBeginning } from './begin-step.js'
import { sendNext, sendSignInOver } from './send-next.js'

/** What signing in and registering plug in: begins the second step with the main method of the account. */
export class AfterPassword implements SecondStep {
  readonly #parts: StepBeginning

  constructor(parts: StepBeginning) {
    this.#parts = parts
  }

  /** See `SecondStep`. */
  isDue(account: Account, visitor: Pick<Visitor, 'deviceToken'>): Promise<boolean> {
    return this.#parts.secondStepKeeper.isDue(account, visitor)
  }

  /** See `SecondStep`. */
  async lead(
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
    redirectUrl: string,
    firstFactor: FirstFactor = { kind: 'password' },
  ): Promise<FastifyReply> {
    const beginner = { account, visitor, sessionId: null, firstFactor }
    const begun = await beginStep(req, reply, beginner, this.#parts)
    return reply.redirect(signInAddress(begun?.path ?? '/login', redirectUrl), 303)
  }

  /** See `SecondStep`. */
  async tell(
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
    firstFactor: FirstFactor = { kind: 'password' },
  ): Promise<FastifyReply> {
    const beginner = { account, visitor, sessionId: null, firstFactor }
    const begun = await beginStep(req, reply, beginner, this.#parts)
    if (begun === null) return sendSignInOver(reply)
    const [main] = begun.pending.methods
    return sendNext(reply, begun.pending, main)
  }
}
