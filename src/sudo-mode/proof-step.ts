import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { SignedIn } from '../sign-in/door.js'
import type { SecondStep } from '../sign-in/second-step.js'
import type { Visitor } from '../sign-in/visitor.js'

/** A socket: what proving again asks for after the password. It is what signing in on the same browser asks for. */
export type ProofStep = Pick<SecondStep, 'isDue'> & {
  /**
   * Begins it for somebody whose password was right, and sends the browser there (303). What it ends with is up to it:
   * `ProofDesk.finish`.
   *
   * @param redirectUrl where the browser goes on afterwards; empty when it did not ask
   */
  lead: (
    req: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    account: Account,
    visitor: Visitor,
    redirectUrl: string,
  ) => Promise<FastifyReply>
}
