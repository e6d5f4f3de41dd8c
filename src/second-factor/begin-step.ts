import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { FirstFactor } from '../sign-in/first-factor.js'
import { describeAccount } from '../sign-in/sign-in-log.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { PendingSignInCookie } from './pending-sign-in-cookie.js'
import type { PendingSignIn } from './pending-sign-in.js'
import type { SecondStepKeeper } from './second-step-keeper.js'
import { purposeOf, stepPlace } from './step-place.js'

export type StepBeginning = { secondStepKeeper: SecondStepKeeper; pendingSignInCookie: PendingSignInCookie }

/** Who takes the second step, after what. */
export type StepBeginner = {
  account: Account
  visitor: Visitor
  /** In which they prove again who they are; null for who signs in. */ sessionId: string | null
  /** It counts no second time. */ firstFactor: FirstFactor
}

/**
 * Begins the second step with the main method of the account, in this browser.
 *
 * @returns where it goes on; null when there is nothing to begin any more
 * @throws DatabaseUnavailable
 */
export async function beginStep(
  req: FastifyRequest,
  reply: FastifyReply,
  { account, visitor, sessionId, firstFactor }: StepBeginner,
  { secondStepKeeper, pendingSignInCookie }: StepBeginning,
): Promise<{ pending: PendingSignIn; path: `/${string}` } | null> {
  const pending = await secondStepKeeper.begin(account, pendingSignInCookie.read(req), sessionId, firstFactor)
  if (pending === null) return null
  const [main] = pending.methods
  const path = stepPlace(purposeOf(pending), await main.begin(pending, visitor))
  req.log.info({ ...describeAccount(req, account), method: main.name }, 'a second step is asked for')
  pendingSignInCookie.write(reply, pending.token)
  return { pending, path }
}
