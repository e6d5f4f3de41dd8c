import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionCookie } from '../http/session-cookie.js'
import type { HeldSession, SessionFinder } from '../sessions/session-finder.js'
import { signInAddress } from './sign-in-address.js'

/** Somebody who is signed in, and the token by which this browser has shown it. */
export type SignedIn = HeldSession

export type DoorParts = {
  sessionFinder: SessionFinder
  sessionCookie: SessionCookie
  now: () => Date
}

/** Lets people into Latchkey's own pages by the session of their browser, and sends everyone else to sign in. */
export class Door {
  readonly #parts: DoorParts

  constructor(parts: DoorParts) {
    this.#parts = parts
  }

  /**
   * The session of this browser, its cookie renewed; null when there is none.
   *
   * @throws DatabaseUnavailable
   */
  async find(req: FastifyRequest, reply: FastifyReply): Promise<SignedIn | null> {
    const signedIn = await this.#parts.sessionFinder.find(req)
    // A session may outlive the 400 days of its cookie: each visit renews the cookie.
    if (signedIn !== null) this.handOver(reply, signedIn)
    return signedIn
  }

  /**
   * Like `find`, for a page: without a session the browser has been sent to the login page, and from there back.
   *
   * @param returnPath a path of Latchkey, with its query
   * @throws DatabaseUnavailable
   */
  async admit(req: FastifyRequest, reply: FastifyReply, returnPath: string): Promise<SignedIn | null> {
    const signedIn = await this.find(req, reply)
    if (signedIn === null) reply.redirect(signInAddress('/login', returnPath), 303)
    return signedIn
  }

  /** Gives the browser the token of its session, such as the new one of `SessionKeeper.renewToken`. */
  handOver(reply: FastifyReply, { token, session }: SignedIn): void {
    this.#parts.sessionCookie.write(reply, token, session.expiresAt, this.#parts.now())
  }
}
