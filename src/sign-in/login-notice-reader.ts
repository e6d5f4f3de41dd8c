import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionCookie } from '../http/session-cookie.js'
import { hashToken } from '../secrets/hash-token.js'
import type { EndedSessionStore } from '../sessions/ended-session-store.js'
import type { EndReason } from '../sessions/end-reason.js'
import type { FarewellCookie } from './farewell-cookie.js'
import type { LoginNotice } from './login-notice.js'

/** Finds out what somebody without a session has to be told first: by cookies that are worth nothing. */
export class LoginNoticeReader {
  readonly #sessionCookie: SessionCookie
  readonly #endedSessionStore: EndedSessionStore
  readonly #farewellCookie: FarewellCookie

  constructor(parts: {
    sessionCookie: SessionCookie
    endedSessionStore: EndedSessionStore
    farewellCookie: FarewellCookie
  }) {
    this.#sessionCookie = parts.sessionCookie
    this.#endedSessionStore = parts.endedSessionStore
    this.#farewellCookie = parts.farewellCookie
  }

  /**
   * Asks the database only for a browser that holds a session cookie; the cookie of a session that was ended by force is
   * erased, so that each end is told once.
   *
   * @throws DatabaseUnavailable
   */
  async read(req: FastifyRequest, reply: FastifyReply): Promise<LoginNotice | null> {
    const reason = await this.#whyEnded(req)
    // Of any other dead cookie nothing is known: it may be older than one that the browser has got meanwhile.
    if (reason !== null) this.#sessionCookie.erase(reply)
    const farewell = this.#farewellCookie.take(req, reply)
    return farewell ?? (reason === null ? null : { kind: 'sessionEnded', reason })
  }

  async #whyEnded(req: FastifyRequest): Promise<EndReason | null> {
    const tokens = this.#sessionCookie.readAll(req)
    return tokens.length === 0 ? null : this.#endedSessionStore.find(tokens.map(hashToken))
  }
}
