import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ProfileStore } from '../accounts/profile-store.js'
import { readFormField } from '../http/form-field.js'
import { onwardAddress } from '../sign-in/onward-address.js'
import type { ProfileDoor } from './profile-door.js'
import { tutorialPages, type TutorialPage } from './tutorial-part.js'

export type TutorialHandlerParts = { profileDoor: ProfileDoor; profileStore: ProfileStore; now: () => Date }

/** Remembers that somebody has left or finished the tour, and brings them back to where they were. */
export class TutorialHandler {
  readonly #parts: TutorialHandlerParts

  constructor(parts: TutorialHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.post('/profile/tutorial', (req, reply) => this.#finish(req, reply))
  }

  async #finish(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, profileStore, now } = this.#parts
    const page = readPage(req.body)
    const visit = await profileDoor.admitOnward(req, reply, page)
    if (visit === null) return reply
    await profileStore.finishTutorial(visit.signedIn.session.accountId, now())
    return reply.redirect(onwardAddress(page, visit.app), 303)
  }
}

function readPage(body: unknown): TutorialPage {
  const field = readFormField(body, 'page')
  return tutorialPages.find((page) => field.kind === 'text' && page === field.text) ?? '/dashboard'
}
