import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseDisplayName } from '../accounts/parse-display-name.js'
import type { ProfileStore } from '../accounts/profile-store.js'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { SessionKeeper } from '../sessions/session-keeper.js'
import type { DisplayNamePageCreator } from './display-name-page-creator.js'
import type { ProfileDoor } from './profile-door.js'
import { noticeAddress } from './profile-notice.js'

export type DisplayNameHandlerParts = {
  profileDoor: ProfileDoor
  profileStore: ProfileStore
  sessionKeeper: SessionKeeper
  displayNamePageCreator: DisplayNamePageCreator
}

const path = '/profile/edit'

/** Lets people say how they want to be called. */
export class DisplayNameHandler {
  readonly #parts: DisplayNameHandlerParts

  constructor(parts: DisplayNameHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showForm(req, reply))
    app.post(path, (req, reply) => this.#save(req, reply))
  }

  async #showForm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, profileStore, displayNamePageCreator } = this.#parts
    const visit = await profileDoor.admitOnward(req, reply, path)
    if (visit === null) return reply
    const { app, signedIn } = visit
    const { accountId, username } = signedIn.session
    const { displayName } = await profileStore.find(accountId)
    const form = { username, app, displayName: displayName ?? '' }
    return sendHtml(reply, 200, await displayNamePageCreator.buildDisplayNamePage(form))
  }

  async #save(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { profileDoor, profileStore, sessionKeeper, displayNamePageCreator } = this.#parts
    const visit = await profileDoor.admitOnward(req, reply, path)
    if (visit === null) return reply
    const { app, signedIn } = visit
    const { accountId, username } = signedIn.session
    const { typed, outcome } = readDisplayName(req.body)
    if (outcome.kind !== 'valid' && outcome.kind !== 'empty') {
      const form = { username, app, displayName: typed }
      return sendHtml(reply, 400, await displayNamePageCreator.buildDisplayNameErrorPage(form, outcome))
    }
    await profileStore.setDisplayName(accountId, outcome.kind === 'valid' ? outcome.displayName : null)
    sessionKeeper.forgetAccount(accountId)
    return reply.redirect(noticeAddress('/profile', 'displayNameSaved', app?.url), 303)
  }
}

function readDisplayName(body: unknown) {
  const field = readFormField(body, 'displayName')
  if (field.kind === 'repeated' || field.kind === 'unreadable') return { typed: '', outcome: field }
  const typed = field.kind === 'text' ? field.text : ''
  return { typed, outcome: parseDisplayName(typed) }
}
