import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { SessionCookie } from '../http/session-cookie.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { DashboardPageCreator } from './dashboard-page-creator.js'

export type DashboardHandlerParts = {
  dashboardPageCreator: DashboardPageCreator
  sessionKeeper: SessionKeeper
  sessionCookie: SessionCookie
  now: () => Date
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
    const { dashboardPageCreator, sessionKeeper, sessionCookie, now } = this.#parts
    const token = sessionCookie.read(req)
    const session = token === null ? null : await sessionKeeper.find(token)
    if (token === null || session === null) return reply.redirect('/login?redirectUrl=%2Fdashboard', 303)
    // A session may outlive the 400 days of its cookie: each visit renews the cookie.
    sessionCookie.write(reply, token, session.expiresAt, now())
    return sendHtml(reply, 200, await dashboardPageCreator.buildDashboardPage(session))
  }
}
