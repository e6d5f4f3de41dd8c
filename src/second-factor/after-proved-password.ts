import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { Visitor } from '../sign-in/visitor.js'
import { confirmPath } from '../sudo-mode/confirm-address.js'
import type { ProofStep } from '../sudo-mode/proof-step.js'
import { beginStep, type StepBeginning } from './begin-step.js'

/** What proving again who one is plugs in: begins the second step in a session. */
export class AfterProvedPassword implements ProofStep {
  readonly #parts: StepBeginning

  constructor(parts: StepBeginning) {
    this.#parts = parts
  }

  /** See `SecondStep`. */
  isDue(account: Account, visitor: Pick<Visitor, 'deviceToken'>): Promise<boolean> {
    return this.#parts.secondStepKeeper.isDue(account, visitor)
  }

  /** See `ProofStep`. */
  async lead(
    req: FastifyRequest,
    reply: FastifyReply,
    { session }: SignedIn,
    account: Account,
    visitor: Visitor,
    redirectUrl: string,
  ): Promise<FastifyReply> {
    // Another service's word is taken where there is no password.
    const firstFactor = { kind: account.hasPassword ? 'password' : 'provider' } as const
    const beginner = { account, visitor, sessionId: session.id, firstFactor }
    const begun = await beginStep(req, reply, beginner, this.#parts)
    return reply.redirect(signInAddress(begun?.path ?? confirmPath, redirectUrl), 303)
  }
}
