import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ProfileStore } from '../accounts/profile-store.js'
import { sendHtml } from '../http/html-reply.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { DashboardPageCreator } from './dashboard-page-creator.js'
import type { ProfileDoor } from './profile-door.js'

export type DashboardHandlerParts = {
  profileDoor: ProfileDoor
  profileStore: ProfileStore
  sessionKeeper: SessionKeeper
  dashboardPageCreator: DashboardPageCreator
}

/** Where a person lands who signed in for no app in particular. */
export class DashboardHandler {
  readonly #parts: DashboardHandlerParts

  constructor(parts: DashboardHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/', (_req, reply) => reply.redirect('/dashboard', 303))
    app.get('/dashboard', (req, reply) => this.#showDashboard(req, reply))
  }

  async #showDashboard(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, profileStore, sessionKeeper, dashboardPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, '/dashboard')
    if (signedIn === null) return reply
    const { session } = signedIn
    const [profile, sessionCount] = await Promise.all([
      profileStore.find(session.accountId),
      sessionKeeper.countOf(session.accountId),
    ])
    const page = await dashboardPageCreator.buildDashboardPage({
      session,
      sessionCount,
      isFirstVisit: profile.tutorialFinishedAt === null,
    })
    return sendHtml(reply, 200, page)
  }
}
