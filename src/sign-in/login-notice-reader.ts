import type { FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import type { SessionCookie } from '../http/session-cookie.js'
import { hashToken } from '../secrets/hash-token.js'
import type { EndedSessionStore } from '../sessions/ended-session-store.js'
import type { EndReason } from '../sessions/end-reason.js'
import type { LoginNotice } from './login-notice.js'
import type { NameCookie } from './name-cookie.js'

/** Finds out what somebody without a session has to be told first: by the query, or by a cookie that is worth nothing. */
export class LoginNoticeReader {
  readonly #sessionCookie: SessionCookie
  readonly #endedSessionStore: EndedSessionStore
  readonly #nameCookie: NameCookie

  constructor(parts: {
    sessionCookie: SessionCookie
    endedSessionStore: EndedSessionStore
    nameCookie: NameCookie
  }) {
    this.#sessionCookie = parts.sessionCookie
    this.#endedSessionStore = parts.endedSessionStore
    this.#nameCookie = parts.nameCookie
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
    const done = readFormField(req.query, 'notice')
    if (done.kind === 'text' && done.text === 'accountDeleted') return { kind: 'accountDeleted' }
    if (done.kind === 'text' && done.text === 'passwordReset')
      return { kind: 'passwordReset', typedName: this.#nameCookie.read(req) }
    return reason === null ? null : { kind: 'sessionEnded', reason }
  }

  async #whyEnded(req: FastifyRequest): Promise<EndReason | null> {
    const tokens = this.#sessionCookie.readAll(req)
    return tokens.length === 0 ? null : this.#endedSessionStore.find(tokens.map(hashToken))
  }
}
