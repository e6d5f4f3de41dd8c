import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { Notice } from '../sign-in/notice.js'
import type { OnwardDoor, Visit } from '../sign-in/onward-door.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import { confirmPath } from './confirm-address.js'
import type { ConfirmPageCreator } from './confirm-page-creator.js'
import type { ProofStep } from './proof-step.js'
import type { ProofWay } from './proof-way.js'
import type { SudoMode } from './sudo-mode.js'
import type { SudoStep } from './sudo-step.js'

export type ConfirmHandlerParts = {
  onwardDoor: OnwardDoor
  visitorReader: VisitorReader
  accountStore: AccountStore
  sudoMode: SudoMode
  sudoStep: SudoStep
  proofStep: Pick<ProofStep, 'isDue'>
  /** Beside the password, in the order of the page. */ proofWays: readonly ProofWay[]
  confirmPageCreator: ConfirmPageCreator
}

/** Where people prove again who they are, before a form that has no field for all they have to show. */
export class ConfirmHandler {
  readonly #parts: ConfirmHandlerParts

  constructor(parts: ConfirmHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(confirmPath, (req, reply) => this.#showPage(req, reply))
    app.post(confirmPath, (req, reply) => this.#takePassword(req, reply))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { onwardDoor, visitorReader, sudoMode } = this.#parts
    const visit = await onwardDoor.admit(req, reply, confirmPath)
    if (visit === null) return reply
    const { deviceToken } = visitorReader.read(req, reply)
    // By another tab, or for whoever has gone back.
    if (await sudoMode.isProved(visit.signedIn, deviceToken)) return reply.redirect(visit.url, 303)
    const isOver = readFormField(req.query, 'over').kind === 'text'
    return this.#sendPage(req, reply, visit, 200, isOver ? 'over' : null)
  }

  async #takePassword(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { onwardDoor, sudoStep } = this.#parts
    const visit = await onwardDoor.admit(req, reply, confirmPath)
    if (visit === null) return reply
    const passage = await sudoStep.prove(req, reply, visit.signedIn, visit)
    if (passage === null) return reply
    if (passage.kind === 'refused')
      return this.#sendPage(req, reply, visit, passage.statusCode, passage.notice)
    return reply.redirect(visit.url, 303)
  }

  async #sendPage(
    req: FastifyRequest,
    reply: FastifyReply,
    visit: Visit,
    statusCode: number,
    notice: Notice<'currentPassword'> | 'over' | null,
  ): Promise<FastifyReply> {
    const { accountStore, visitorReader, proofStep, proofWays, confirmPageCreator } = this.#parts
    const account = await accountStore.findById(visit.signedIn.session.accountId)
    // Removed at this very moment: the page it was for finds that out.
    if (account === null) return reply.redirect(visit.url, 303)
    const [isStepDue, ...offers] = await Promise.all([
      proofStep.isDue(account, visitorReader.read(req, reply)),
      ...proofWays.map((way) => way.offer(req, visit, account)),
    ])
    const { username, hasPassword } = account
    const state = {
      username,
      hasPassword,
      isStepDue,
      offers: offers.filter((offer) => offer !== null),
      redirectUrl: visit.address,
    }
    return sendHtml(reply, statusCode, await confirmPageCreator.buildConfirmPage(state, notice))
  }
}
