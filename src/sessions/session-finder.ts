import type { FastifyRequest } from 'fastify'
import type { Asking, SessionCookie } from '../http/session-cookie.js'
import type { SessionKeeper } from './session-keeper.js'
import type { Session } from './session-store.js'

/** A session, and the token by which a browser has shown it. */
export type HeldSession = { token: string; session: Session }

/**
 * Finds the session that a browser holds. With a cookie domain any host of the domain can add cookies of that name: dead
 * ones are passed over, so that they keep nobody out; of two live ones nobody can tell whose is the browser's.
 */
export class SessionFinder {
  readonly #cookie: SessionCookie
  readonly #keeper: SessionKeeper

  constructor(parts: { sessionCookie: SessionCookie; sessionKeeper: SessionKeeper }) {
    this.#cookie = parts.sessionCookie
    this.#keeper = parts.sessionKeeper
  }

  /** Like `find`, when memory can tell and there is but one cookie; does not wait. */
  recall(request: Asking): Session | null {
    const token = this.#cookie.read(request)
    return token === null ? null : this.#keeper.recall(token)
  }

  /** @throws DatabaseUnavailable */
  async find(request: FastifyRequest): Promise<HeldSession | null> {
    // Together, for then they are read by one statement however many there are.
    const found = await Promise.all(
      this.#cookie
        .readAll(request)
        .map(async (token) => ({ token, session: await this.#keeper.find(token) })),
    )
    const [held, ...others] = found.flatMap(({ token, session }) =>
      session === null ? [] : [{ token, session }],
    )
    return held === undefined || others.length > 0 ? null : held
  }
}
