import type { FastifyReply, FastifyRequest } from 'fastify'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { ErrandEnd, Return } from './errand-end.js'
import type { IdentityKeeper } from './identity-keeper.js'
import type { KnownArrival } from './known-arrival.js'
import type { NewcomerKeeper } from './newcomer-keeper.js'
import type { OpenidCookie } from './openid-cookie.js'

export type SignInEndParts = {
  identityKeeper: IdentityKeeper
  newcomerKeeper: NewcomerKeeper
  newcomerCookie: OpenidCookie
  knownArrival: KnownArrival
  visitorReader: VisitorReader
}

/** Signs in whoever has an account, and has everybody else choose a username. */
export class SignInEnd implements ErrandEnd {
  readonly #parts: SignInEndParts

  constructor(parts: SignInEndParts) {
    this.#parts = parts
  }

  /** See `ErrandEnd`. */
  async finish(req: FastifyRequest, reply: FastifyReply, { identity, destination }: Return) {
    const { identityKeeper, newcomerKeeper, newcomerCookie, knownArrival, visitorReader } = this.#parts
    const account = await identityKeeper.find(identity)
    if (account !== null) {
      const visitor = visitorReader.read(req, reply)
      await knownArrival.goOn(req, reply, account, visitor, destination)
    } else {
      newcomerCookie.write(reply, await newcomerKeeper.welcome(identity))
      reply.redirect(signInAddress('/login/openid/username', destination.address), 303)
    }
    return { kind: 'answered' as const, reply }
  }
}
