import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { FarewellCookie } from './farewell-cookie.js'
import type { LogoutPageCreator } from './logout-page-creator.js'
import type { SignOut } from './sign-out.js'

export type LogoutHandlerParts = {
  logoutPageCreator: LogoutPageCreator
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  destinationReader: DestinationReader
  signOut: SignOut
  farewellCookie: FarewellCookie
}

/** Ends the session of this browser. A link only asks: signing out by a mere image in a mail would be a nuisance. */
export class LogoutHandler {
  readonly #parts: LogoutHandlerParts

  constructor(parts: LogoutHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/logout', (req, reply) => this.#showLogoutPage(req, reply))
    app.post('/logout', (req, reply) => this.#logout(req, reply))
  }

  async #showLogoutPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, logoutPageCreator } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      return this.#refuseRedirect(reply, destination.refusal)
    }
    return sendHtml(reply, 200, await logoutPageCreator.buildLogoutPage(destination))
  }

  async #logout(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, signOut, farewellCookie } = this.#parts
    const destination = destinationReader.read(req, '/login')
    await signOut.leave(req, reply)
    // Only now: who wants to leave is let out, wherever they wanted to go.
    if (destination.kind === 'refused') return this.#refuseRedirect(reply, destination.refusal)
    // An app says by itself that nobody is signed in.
    if (destination.address === '') farewellCookie.write(reply, { kind: 'signedOut' })
    return reply.redirect(destination.url, 303)
  }

  async #refuseRedirect(reply: FastifyReply, refusal: RedirectRefusal): Promise<FastifyReply> {
    return sendHtml(
      reply,
      400,
      await this.#parts.refusedRedirectPageCreator.buildRefusedRedirectPage(refusal),
    )
  }
}
