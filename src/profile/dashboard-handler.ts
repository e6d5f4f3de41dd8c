import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { PasskeyReminder } from '../recovery-passkey/passkey-reminder.js'
import type { Door } from '../sign-in/door.js'
import type { DashboardPageCreator } from './dashboard-page-creator.js'

export type DashboardHandlerParts = {
  dashboardPageCreator: DashboardPageCreator
  passkeyReminder: PasskeyReminder
  door: Door
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
    const { dashboardPageCreator, passkeyReminder, door } = this.#parts
    const signedIn = await door.admit(req, reply, '/dashboard')
    if (signedIn === null) return reply
    const detour = await passkeyReminder.detour(signedIn, '/dashboard')
    if (detour !== null) return reply.redirect(detour, 303)
    return sendHtml(reply, 200, await dashboardPageCreator.buildDashboardPage(signedIn.session))
  }
}
