import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { RecoveryCodesPageCreator } from '../recovery-codes/recovery-codes-page-creator.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { Notice } from '../sign-in/notice.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import {
  credentialsAddress,
  credentialsPath,
  stepSwitchPath as path,
} from '../webauthn/credential-address.js'
import type { StepSwitchPageCreator } from './step-switch-page-creator.js'
import type { WebauthnStepKeeper } from './webauthn-step-keeper.js'

export type StepSwitchHandlerParts = {
  sensitiveDoor: Pick<Door, 'admit'>
  sudoStep: SudoStep
  visitorReader: VisitorReader
  webauthnStepKeeper: WebauthnStepKeeper
  stepSwitchPageCreator: StepSwitchPageCreator
  recoveryCodesPageCreator: RecoveryCodesPageCreator
}

type Deed = (req: FastifyRequest, reply: FastifyReply, signedIn: SignedIn) => Promise<FastifyReply>

/** Where an owner has a passkey asked for after the password, or no longer; the password is asked for again. */
export class StepSwitchHandler {
  readonly #parts: StepSwitchHandlerParts

  constructor(parts: StepSwitchHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showPage(req, reply))
    const deeds: [name: string, deed: Deed][] = [
      ['on', (req, reply, signedIn) => this.#turnOn(req, reply, signedIn)],
      ['off', (req, reply, signedIn) => this.#turnOff(req, reply, signedIn)],
      ['recovery-codes', (req, reply, signedIn) => this.#renewCodes(req, reply, signedIn)],
    ]
    for (const [name, deed] of deeds) {
      app.post(`${path}/${name}`, (req, reply) => this.#withPassword(req, reply, deed))
      // For whoever loads the address of a refused form anew.
      app.get(`${path}/${name}`, (_req, reply) => reply.redirect(path, 303))
    }
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const signedIn = await this.#parts.sensitiveDoor.admit(req, reply, path)
    return signedIn === null ? reply : this.#sendPage(req, reply, signedIn, 200, null)
  }

  async #withPassword(req: FastifyRequest, reply: FastifyReply, deed: Deed): Promise<FastifyReply> {
    const { sensitiveDoor, sudoStep } = this.#parts
    const signedIn = await sensitiveDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const passage = await sudoStep.pass(req, reply, signedIn, path)
    if (passage === null) return reply
    if (passage.kind === 'passed') return deed(req, reply, passage.signedIn)
    return this.#sendPage(req, reply, signedIn, passage.statusCode, passage.notice)
  }

  async #turnOn(req: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): Promise<FastifyReply> {
    const { webauthnStepKeeper, visitorReader } = this.#parts
    const outcome = await webauthnStepKeeper.turnOn(signedIn, visitorReader.read(req, reply))
    if (outcome.kind === 'sessionOver') return reply.redirect(path, 303)
    if (outcome.kind === 'noCredential') {
      const notice = {
        heading: 'You have no passkey yet',
        text: 'Add one first, so that it can be asked for.',
      }
      return this.#sendPage(req, reply, signedIn, 409, notice)
    }
    req.log.info({ accountId: signedIn.session.accountId }, 'passkey after the password: on')
    if (outcome.recoveryCodes.length === 0) return reply.redirect(credentialsAddress('stepOn'), 303)
    return this.#sendCodes(reply, signedIn, outcome.recoveryCodes, 'stepOn')
  }

  async #turnOff(req: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): Promise<FastifyReply> {
    const { webauthnStepKeeper, visitorReader } = this.#parts
    if (!(await webauthnStepKeeper.turnOff(signedIn, visitorReader.read(req, reply))))
      return reply.redirect(path, 303)
    req.log.info({ accountId: signedIn.session.accountId }, 'passkey after the password: off')
    return reply.redirect(credentialsAddress('stepOff'), 303)
  }

  async #renewCodes(req: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): Promise<FastifyReply> {
    const { webauthnStepKeeper, visitorReader } = this.#parts
    const codes = await webauthnStepKeeper.renewRecoveryCodes(signedIn, visitorReader.read(req, reply))
    if (codes === null) return reply.redirect(path, 303)
    req.log.info({ accountId: signedIn.session.accountId }, 'new recovery codes were made')
    return this.#sendCodes(reply, signedIn, codes, 'renewed')
  }

  async #sendCodes(
    reply: FastifyReply,
    { session: { username } }: SignedIn,
    codes: readonly string[],
    occasion: 'stepOn' | 'renewed',
  ): Promise<FastifyReply> {
    const { recoveryCodesPageCreator } = this.#parts
    const onUrl = occasion === 'stepOn' ? credentialsAddress('stepOn') : credentialsPath
    const page = await recoveryCodesPageCreator.buildRecoveryCodesPage({ username, codes, occasion, onUrl })
    return sendHtml(reply, 200, page)
  }

  async #sendPage(
    req: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    statusCode: number,
    notice: Notice<'currentPassword'> | null,
  ): Promise<FastifyReply> {
    const { sudoStep, webauthnStepKeeper, stepSwitchPageCreator } = this.#parts
    const { accountId, username } = signedIn.session
    const [state, password] = await Promise.all([
      webauthnStepKeeper.find(accountId),
      sudoStep.describe(req, signedIn),
    ])
    const page = await stepSwitchPageCreator.buildSwitchPage({ username, state, ...password }, notice)
    return sendHtml(reply, statusCode, page)
  }
}
