import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { SecondStep } from '../sign-in/second-step.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { describeAccount } from '../sign-in/sign-in-log.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import { sendNext, sendSignInOver } from './send-next.js'

export type AfterPasswordParts = {
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
}

/** What signing in and registering plug in: begins the second step with the main method of the account. */
export class AfterPassword implements SecondStep {
  readonly #parts: AfterPasswordParts

  constructor(parts: AfterPasswordParts) {
    this.#parts = parts
  }

  /** See `SecondStep`. */
  isDue(account: Account, visitor: Visitor): Promise<boolean> {
    return this.#parts.secondStepKeeper.isDue(account, visitor)
  }

  /** See `SecondStep`. */
  async lead(
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
    redirectUrl: string,
  ): Promise<FastifyReply> {
    const begun = await this.#begin(req, reply, account, visitor)
    return reply.redirect(signInAddress(begun?.path ?? '/login', redirectUrl), 303)
  }

  /** See `SecondStep`. */
  async tell(
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
  ): Promise<FastifyReply> {
    const begun = await this.#begin(req, reply, account, visitor)
    if (begun === null) return sendSignInOver(reply)
    const [main] = begun.pending.methods
    return sendNext(reply, begun.pending, main)
  }

  async #begin(
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
  ): Promise<{ pending: PendingSignIn; path: `/login/${string}` } | null> {
    const { secondStepKeeper, pendingSignInCookie } = this.#parts
    const pending = await secondStepKeeper.begin(account, pendingSignInCookie.read(req))
    if (pending === null) return null
    const [main] = pending.methods
    const path = await main.begin(pending, visitor)
    req.log.info({ ...describeAccount(req, account), method: main.name }, 'a second step is asked for')
    pendingSignInCookie.write(reply, pending.token)
    return { pending, path }
  }
}
