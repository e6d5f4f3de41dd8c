import type { FastifyReply, FastifyRequest } from 'fastify'
import { longestCookieSeconds, type SessionCookie } from '../http/session-cookie.js'
import type { HeldSession, SessionFinder } from '../sessions/session-finder.js'
import { signInAddress } from './sign-in-address.js'

/** Somebody who is signed in, and the token by which this browser has shown it. */
export type SignedIn = HeldSession

export type DoorParts = {
  sessionFinder: SessionFinder
  sessionCookie: SessionCookie
  sessionValiditySeconds: number
  now: () => Date
}

/** Lets people into Latchkey's own pages by the session of their browser, and sends everyone else to sign in. */
export class Door {
  readonly #parts: DoorParts
  readonly #isCookieOutlived: boolean

  constructor(parts: DoorParts) {
    this.#parts = parts
    this.#isCookieOutlived = parts.sessionValiditySeconds > longestCookieSeconds
  }

  /**
   * The session of this browser; null when there is none. Renews the cookie where the session would outlive it.
   *
   * @throws DatabaseUnavailable
   */
  async find(req: FastifyRequest, reply: FastifyReply): Promise<SignedIn | null> {
    const signedIn = await this.#parts.sessionFinder.find(req)
    // Otherwise a slow answer could bring back the token of a session that has a new one since. A form may renew it.
    if (signedIn !== null && this.#isCookieOutlived && req.method === 'GET') this.handOver(reply, signedIn)
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
