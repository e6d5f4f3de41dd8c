import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import type { OnwardDoor, Visit } from '../sign-in/onward-door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { confirmPath } from '../sudo-mode/confirm-address.js'
import type { ProofOffer, ProofWay } from '../sudo-mode/proof-way.js'
import type { IdentityKeeper } from './identity-keeper.js'
import { setOutPaths } from './set-out-paths.js'
import type { SetOut } from './set-out.js'

export type ProviderWayParts = {
  onwardDoor: OnwardDoor
  identityKeeper: IdentityKeeper
  setOut: SetOut
  /** The service that is asked. */ issuer: string
  name: string
}

/** How people who have no password prove who they are: by another service, whose word takes the place of no password. */
export class ProviderWay implements ProofWay {
  readonly #parts: ProviderWayParts

  constructor(parts: ProviderWayParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(setOutPaths.prove, (req, reply) => this.#setOut(req, reply))
  }

  /** See `ProofWay`. */
  async offer(_req: FastifyRequest, { address }: Visit, account: Account): Promise<ProofOffer | null> {
    const { identityKeeper, issuer, name } = this.#parts
    if (account.hasPassword) return null
    const identities = await identityKeeper.findAllOf(account.id)
    if (!identities.some((identity) => identity.issuer === issuer)) return null
    return {
      text: `${name} asks you to sign in there once more.`,
      label: `Continue with ${name}`,
      url: signInAddress(setOutPaths.prove, address),
    }
  }

  async #setOut(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { onwardDoor, setOut } = this.#parts
    const visit = await onwardDoor.admit(req, reply, confirmPath)
    if (visit === null) return reply
    const sessionId = visit.signedIn.session.id
    return setOut.send(req, reply, { purpose: 'prove', redirectUrl: visit.address, sessionId })
  }
}
