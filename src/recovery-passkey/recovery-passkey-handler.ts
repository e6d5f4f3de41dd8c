import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { getOnly } from '../http/get-only.js'
import { sendHtml } from '../http/html-reply.js'
import type { OnwardDoor, Visit } from '../sign-in/onward-door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { ProofDetour } from '../sudo-mode/proof-detour.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { PasskeyGuard } from './passkey-guard.js'
import type { RecoveryPasskeyKeeper } from './recovery-passkey-keeper.js'
import type { RecoveryPasskeyPageCreator } from './recovery-passkey-page-creator.js'

export type RecoveryPasskeyHandlerParts = {
  recoveryPasskeyKeeper: RecoveryPasskeyKeeper
  recoveryPasskeyPageCreator: RecoveryPasskeyPageCreator
  passkeyGuard: PasskeyGuard
  sudoStep: SudoStep
  proofDetour: ProofDetour
  visitorReader: VisitorReader
  onwardDoor: OnwardDoor
}

const path = '/recovery-passkey'

/**
 * Shows the recovery passkey that is due, if need be for the password, hears that it is saved, and sends on to where its
 * owner was going.
 */
export class RecoveryPasskeyHandler {
  readonly #parts: RecoveryPasskeyHandlerParts

  constructor(parts: RecoveryPasskeyHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    // Makes the passkey that it shows.
    app.get(path, getOnly, (req, reply) => this.#showPasskey(req, reply))
    app.post(path, (req, reply) => this.#save(req, reply))
    app.post('/recovery-passkey/open', (req, reply) => this.#open(req, reply))
    // For whoever loads the address of a refused form anew.
    app.get('/recovery-passkey/open', (req, reply) => this.#sendToPasskey(req, reply))
    app.get('/recovery-passkey/saved', (req, reply) => this.#showSavedPage(req, reply))
  }

  async #showPasskey(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const visit = await this.#parts.onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const { accountId, username } = visit.signedIn.session
    // Nobody is asked for the password, and then shown nothing.
    if (!(await this.#parts.recoveryPasskeyKeeper.isDue(accountId))) return reply.redirect(visit.url, 303)
    if (await this.#mayShow(req, reply, visit)) return this.#sendPasskey(req, reply, visit)
    const { deviceToken } = this.#parts.visitorReader.read(req, reply)
    const returnPath = signInAddress(path, visit.address)
    const detour = await this.#parts.proofDetour.find(
      visit.signedIn,
      deviceToken,
      returnPath,
      req.method === 'POST',
    )
    if (detour !== null) return reply.redirect(detour, 303)
    const form = { username, redirectUrl: visit.address }
    return sendHtml(reply, 200, await this.#parts.recoveryPasskeyPageCreator.buildWaitingPage(form))
  }

  async #open(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { recoveryPasskeyPageCreator, sudoStep } = this.#parts
    const visit = await this.#parts.onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const passkeyAddress = signInAddress(path, visit.address)
    const passage = await sudoStep.pass(req, reply, visit.signedIn, passkeyAddress)
    if (passage === null) return reply
    if (passage.kind === 'passed') return reply.redirect(passkeyAddress, 303)
    const form = { username: visit.signedIn.session.username, redirectUrl: visit.address }
    const page = await recoveryPasskeyPageCreator.buildWaitingErrorPage(form, passage.notice)
    return sendHtml(reply, passage.statusCode, page)
  }

  async #sendToPasskey(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const visit = await this.#parts.onwardDoor.admit(req, reply, path)
    return visit === null ? reply : reply.redirect(signInAddress(path, visit.address), 303)
  }

  async #save(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { recoveryPasskeyKeeper, recoveryPasskeyPageCreator } = this.#parts
    const visit = await this.#parts.onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const mark = readFormField(req.body, 'mark')
    const { accountId } = visit.signedIn.session
    const outcome = await recoveryPasskeyKeeper.markSaved(accountId, mark.kind === 'text' ? mark.text : '')
    switch (outcome.kind) {
      case 'saved':
        req.log.info({ accountId }, 'the recovery passkey was saved')
        return reply.redirect(
          outcome.isFirst ? signInAddress('/recovery-passkey/saved', visit.address) : visit.url,
          303,
        )
      case 'replaced':
        // A made-up mark gets here too, so what guards the page guards this.
        return (await this.#mayShow(req, reply, visit))
          ? this.#sendPasskey(req, reply, visit, { isNewer: true })
          : reply.redirect(signInAddress(path, visit.address), 303)
      case 'outdated':
        return sendHtml(reply, 409, await recoveryPasskeyPageCreator.buildOutdatedPage(visit))
    }
  }

  async #showSavedPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const visit = await this.#parts.onwardDoor.admit(req, reply, '/recovery-passkey/saved')
    if (visit === null) return reply
    return sendHtml(reply, 200, await this.#parts.recoveryPasskeyPageCreator.buildSavedPage(visit))
  }

  async #mayShow(req: FastifyRequest, reply: FastifyReply, { signedIn }: Visit): Promise<boolean> {
    const { passkeyGuard, visitorReader } = this.#parts
    return passkeyGuard.mayShow(signedIn, visitorReader.read(req, reply).deviceToken)
  }

  /** Only where `#mayShow`. */
  async #sendPasskey(
    req: FastifyRequest,
    reply: FastifyReply,
    { signedIn, address, url }: Visit,
    { isNewer } = { isNewer: false },
  ): Promise<FastifyReply> {
    const { recoveryPasskeyKeeper, recoveryPasskeyPageCreator, visitorReader } = this.#parts
    const opened = await recoveryPasskeyKeeper.open(signedIn, visitorReader.read(req, reply))
    if (opened === null) return reply.redirect(url, 303)
    const { username } = signedIn.session
    const page = { ...opened, username, redirectUrl: address }
    return isNewer
      ? sendHtml(reply, 409, await recoveryPasskeyPageCreator.buildNewerPasskeyPage(page))
      : sendHtml(reply, 200, await recoveryPasskeyPageCreator.buildPasskeyPage(page))
  }
}
