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

export type MailSecondStepParts = {
  secondStepKeeper: SecondStepKeeper
  pendingSignInCookie: PendingSignInCookie
  now: () => Date
}

/** What signing in and registering plug in where a code is asked for. */
export class MailSecondStep implements SecondStep {
  readonly #parts: MailSecondStepParts

  constructor(parts: MailSecondStepParts) {
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
    const pending = await this.#begin(req, reply, account, visitor)
    const path = pending === null ? '/login' : pending.address === null ? '/login/email' : '/login/code'
    return reply.redirect(signInAddress(path, redirectUrl), 303)
  }

  /** See `SecondStep`. */
  async tell(
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
  ): Promise<FastifyReply> {
    const { secondStepKeeper, now } = this.#parts
    const pending = await this.#begin(req, reply, account, visitor)
    if (pending === null) return sendSignInOver(reply)
    return sendNext(reply, pending, await secondStepKeeper.findCode(pending), now())
  }

  async #begin(
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
  ): Promise<PendingSignIn | null> {
    const { secondStepKeeper, pendingSignInCookie } = this.#parts
    const pending = await secondStepKeeper.begin(account, visitor, pendingSignInCookie.read(req))
    if (pending === null) return null
    req.log.info({ ...describeAccount(req, account), unsent: pending.unsent?.kind }, 'a code is asked for')
    pendingSignInCookie.write(reply, pending.token)
    return pending
  }
}
