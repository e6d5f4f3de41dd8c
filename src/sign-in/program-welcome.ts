import type { FastifyReply } from 'fastify'
import type { ProfileStore } from '../accounts/profile-store.js'
import type { PasskeyHandOver } from './passkey-hand-over.js'
import type { SessionStarter, StartedSession } from './session-starter.js'
import type { TokenHandOver } from './token-hand-over.js'
import type { Visitor } from './visitor.js'

export type ProgramWelcomeParts = {
  sessionStarter: SessionStarter
  profileStore: ProfileStore
  passkeyHandOver: PasskeyHandOver
  tokenHandOver: TokenHandOver
}

/** What a program is told that has just signed in or registered. The session's token is handed over in a cookie only. */
export class ProgramWelcome {
  readonly #parts: ProgramWelcomeParts

  constructor(parts: ProgramWelcomeParts) {
    this.#parts = parts
  }

  /** See `TokenHandOver`: comes before what signs a program in. */
  readonly check: TokenHandOver['check'] = async (req, reply) => this.#parts.tokenHandOver.check(req, reply)

  async send(
    reply: FastifyReply,
    statusCode: number,
    session: StartedSession,
    visitor: Visitor,
  ): Promise<FastifyReply> {
    const { sessionStarter, profileStore, passkeyHandOver, tokenHandOver } = this.#parts
    const { account, token, expiresAt } = session
    const { displayName } = await profileStore.find(account.id)
    const tokens = await tokenHandOver.begin(reply.request, token)
    // Last of what can fail: it counts as seen from now on.
    const newPasskey = await passkeyHandOver(account, visitor)
    sessionStarter.handOver(reply, session, tokens)
    const { username } = account
    const name = displayName ?? username
    const person = { username, name, expiresAt: expiresAt.toISOString(), ...tokens?.fields }
    return reply.code(statusCode).send(newPasskey === null ? person : { ...person, newPasskey })
  }
}
