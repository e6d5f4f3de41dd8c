import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { OnwardDoor } from '../sign-in/onward-door.js'
import { onwardAddress } from '../sign-in/onward-address.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { PasskeyReminder } from './passkey-reminder.js'
import type { RecoveryPasskeyKeeper } from './recovery-passkey-keeper.js'
import type { RegeneratePasskeyPageCreator } from './regenerate-passkey-page-creator.js'

const path = '/profile/recovery-passkey'

export type RegeneratePasskeyHandlerParts = {
  recoveryPasskeyKeeper: RecoveryPasskeyKeeper
  regeneratePasskeyPageCreator: RegeneratePasskeyPageCreator
  passkeyReminder: PasskeyReminder
  sudoStep: SudoStep
  visitorReader: VisitorReader
  onwardDoor: OnwardDoor
}

/** Makes a new recovery passkey for whoever gives the password again; the page of the passkey shows it then. */
export class RegeneratePasskeyHandler {
  readonly #parts: RegeneratePasskeyHandlerParts

  constructor(parts: RegeneratePasskeyHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showForm(req, reply))
    app.post(path, (req, reply) => this.#regenerate(req, reply))
  }

  async #showForm(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { regeneratePasskeyPageCreator, passkeyReminder, sudoStep, onwardDoor } = this.#parts
    const visit = await onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const { signedIn, app } = visit
    // One that is still to be saved is not replaced, but shown.
    const detour = await passkeyReminder.detour(signedIn, onwardAddress('/profile', app))
    if (detour !== null) return reply.redirect(detour, 303)
    const { username } = signedIn.session
    const isPasswordNeeded = await sudoStep.isPasswordNeeded(req, signedIn)
    return sendHtml(
      reply,
      200,
      await regeneratePasskeyPageCreator.buildRegeneratePage({ username, app, isPasswordNeeded }),
    )
  }

  async #regenerate(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { recoveryPasskeyKeeper, regeneratePasskeyPageCreator, sudoStep, visitorReader, onwardDoor } =
      this.#parts
    const visit = await onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const { signedIn, app } = visit
    const passage = await sudoStep.pass(req, reply, signedIn, onwardAddress(path, app))
    if (passage === null) return reply
    if (passage.kind === 'refused') {
      const { username } = signedIn.session
      return sendHtml(
        reply,
        passage.statusCode,
        await regeneratePasskeyPageCreator.buildRegenerateErrorPage({ username, app }, passage.notice),
      )
    }
    // Sealed with the new token of the session, if the password has just brought one.
    await recoveryPasskeyKeeper.regenerate(passage.signedIn, visitorReader.read(req, reply))
    req.log.info({ accountId: signedIn.session.accountId }, 'a new recovery passkey was made')
    const profileAddress = onwardAddress('/profile?notice=recoveryPasskeySaved', app)
    return reply.redirect(signInAddress('/recovery-passkey', profileAddress), 303)
  }
}
