import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { ProfileDoor } from './profile-door.js'
import { noticeAddress, wordProfileNotice } from './profile-notice.js'
import type { SessionEnder } from './session-ender.js'
import type { SessionsPageCreator } from './sessions-page-creator.js'

export type SessionsHandlerParts = {
  profileDoor: ProfileDoor
  visitorReader: VisitorReader
  sessionKeeper: SessionKeeper
  sessionEnder: SessionEnder
  sessionsPageCreator: SessionsPageCreator
  now: () => Date
}

const path = '/profile/sessions'
/** Programs that sign in again and again have hundreds. */
const mostShown = 20
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * Shows where somebody is signed in, and signs out what they do not want to be. It asks for no password: whoever finds a
 * thief there should be quick, and a thief who does this to the owner gains nothing, as the owner can sign in again.
 */
export class SessionsHandler {
  readonly #parts: SessionsHandlerParts

  constructor(parts: SessionsHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showSessions(req, reply))
    app.post(`${path}/end`, (req, reply) => this.#endSession(req, reply))
    app.post(`${path}/end-others`, (req, reply) => this.#endOtherSessions(req, reply))
  }

  async #showSessions(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, sessionKeeper, sessionsPageCreator, now } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const { accountId, id: ownId } = signedIn.session
    const [sessions, count] = await Promise.all([
      sessionKeeper.listOf(accountId, ownId, mostShown),
      sessionKeeper.countOf(accountId),
    ])
    const page = await sessionsPageCreator.buildSessionsPage({
      sessions,
      count,
      ownId,
      now: now(),
      done: wordProfileNotice(req.query),
    })
    return sendHtml(reply, 200, page)
  }

  async #endSession(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, visitorReader, sessionEnder } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const id = readSessionId(req.body)
    const isEnded =
      id !== null && (await sessionEnder.endOne(signedIn.session, id, visitorReader.read(req, reply)))
    // One answer for what is over, never was, or belongs to somebody else.
    return reply.redirect(noticeAddress(path, isEnded ? 'sessionEnded' : 'sessionGone'), 303)
  }

  async #endOtherSessions(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, visitorReader, sessionEnder } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    await sessionEnder.endOthers(signedIn.session, visitorReader.read(req, reply))
    return reply.redirect(noticeAddress(path, 'otherSessionsEnded'), 303)
  }
}

/** Postgres takes nothing for an id that is none. */
function readSessionId(body: unknown): string | null {
  const field = readFormField(body, 'session')
  return field.kind === 'text' && uuid.test(field.text) ? field.text : null
}
