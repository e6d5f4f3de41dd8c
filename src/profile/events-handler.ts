import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { SecurityEventListStore } from '../security-events/security-event-list-store.js'
import type { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import type { EventsPageCreator } from './events-page-creator.js'
import type { ProfileDoor } from './profile-door.js'

export type EventsHandlerParts = {
  profileDoor: ProfileDoor
  securityEventListStore: SecurityEventListStore
  securityEventRecorder: SecurityEventRecorder
  eventsPageCreator: EventsPageCreator
}

const path = '/profile/events'
const eventsPerPage = 20

/** Shows what has happened to an account, some at a time. */
export class EventsHandler {
  readonly #parts: EventsHandlerParts

  constructor(parts: EventsHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showEvents(req, reply))
  }

  async #showEvents(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, securityEventListStore, securityEventRecorder, eventsPageCreator } = this.#parts
    const signedIn = await profileDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const before = readBefore(req.query)
    // So that what somebody did a moment ago is in the list.
    await securityEventRecorder.flush()
    // One more than is shown tells whether there are older ones.
    const found = await securityEventListStore.list(signedIn.session.accountId, eventsPerPage + 1, before)
    const events = found.slice(0, eventsPerPage)
    const last = found.length > eventsPerPage ? events.at(-1) : undefined
    const page = await eventsPageCreator.buildEventsPage({
      events,
      isFirstPage: before === null,
      olderPath: last === undefined ? null : `${path}?before=${last.id}`,
    })
    return sendHtml(reply, 200, page)
  }
}

/** The event after which the page begins; what cannot be one is passed over. */
function readBefore(query: unknown): string | null {
  const field = readFormField(query, 'before')
  return field.kind === 'text' && /^[1-9]\d{0,17}$/.test(field.text) ? field.text : null
}
