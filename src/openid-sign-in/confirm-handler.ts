import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { sendHtml } from '../http/html-reply.js'
import type { OnwardDoor } from '../sign-in/onward-door.js'
import type { ConfirmPageCreator } from './confirm-page-creator.js'
import type { IdentityKeeper } from './identity-keeper.js'
import { setOutPaths } from './set-out-paths.js'
import type { SetOut } from './set-out.js'

export type ConfirmHandlerParts = {
  onwardDoor: OnwardDoor
  accountStore: AccountStore
  identityKeeper: IdentityKeeper
  confirmPageCreator: ConfirmPageCreator
  /** The service that can be asked; null for none. */
  provider: { issuer: string; setOut: SetOut } | null
}

const path = '/profile/confirm'

/** Where people without a password show that it is them, before a form that would ask others for theirs. */
export class ConfirmHandler {
  readonly #parts: ConfirmHandlerParts

  constructor(parts: ConfirmHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showPage(req, reply))
    const { provider } = this.#parts
    if (provider !== null)
      app.get(setOutPaths.prove, (req, reply) => this.#setOut(req, reply, provider.setOut))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { onwardDoor, accountStore, identityKeeper, confirmPageCreator, provider } = this.#parts
    const visit = await onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const { accountId } = visit.signedIn.session
    const account = await accountStore.findById(accountId)
    // Its owner has set a password since: the form asks for that.
    if (account?.hasPassword !== false) return reply.redirect(visit.url, 303)
    const identities = await identityKeeper.findAllOf(accountId)
    const canAsk = identities.some(({ issuer }) => issuer === provider?.issuer)
    return sendHtml(reply, 200, await confirmPageCreator.buildConfirmPage(visit.address, canAsk))
  }

  async #setOut(req: FastifyRequest, reply: FastifyReply, setOut: SetOut): Promise<FastifyReply> {
    const visit = await this.#parts.onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const sessionId = visit.signedIn.session.id
    return setOut.send(req, reply, { purpose: 'prove', redirectUrl: visit.address, sessionId })
  }
}
