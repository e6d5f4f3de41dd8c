import type { FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { Visit } from '../sign-in/onward-door.js'

/** What stands on the page for it. */
export type ProofOffer = { /** What happens then, a sentence. */ text: string; label: string; url: string }

/**
 * A socket: a way to show who one is, beside the password, plugs in here. Another service does. It has routes of its own,
 * and ends at `ProofDesk`.
 */
export type ProofWay = {
  /** @returns null where this account has no such way, or is not to use it */
  offer: (req: FastifyRequest, visit: Visit, account: Account) => Promise<ProofOffer | null>
}
