import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { FirstFactor } from './first-factor.js'
import type { Visitor } from './visitor.js'

/** A socket: what may come between a right password and a session. A code of an app or by mail does. */
export type SecondStep = {
  /**
   * Whether the password alone is not enough for this account here.
   *
   * @throws DatabaseUnavailable
   */
  isDue: (account: Account, visitor: Pick<Visitor, 'deviceToken'>) => Promise<boolean>
  /**
   * Begins it for somebody whose password was right, and sends the browser there (303).
   *
   * @param redirectUrl where the browser has asked to go; empty when it did not ask
   * @param firstFactor what was shown before; the password when it is not said
   */
  lead: (
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
    redirectUrl: string,
    firstFactor?: FirstFactor,
  ) => Promise<FastifyReply>
  /** Begins it likewise, and tells a program what comes next (202). */
  tell: (
    req: FastifyRequest,
    reply: FastifyReply,
    account: Account,
    visitor: Visitor,
    firstFactor?: FirstFactor,
  ) => Promise<FastifyReply>
}
