import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { Notice } from '../sign-in/notice.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoMode } from '../sudo-mode/sudo-mode.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { CredentialEnrolment } from './credential-enrolment.js'
import { credentialAddress, credentialsPath } from './credential-address.js'
import type { EnrolmentPageCreator } from './enrolment-page-creator.js'
import { enrolmentStatuses, wordEnrolmentRefusal } from './word-enrolment-refusal.js'

export type EnrolmentHandlerParts = {
  sensitiveDoor: Pick<Door, 'admit'>
  sudoMode: SudoMode
  sudoStep: SudoStep
  visitorReader: VisitorReader
  credentialEnrolment: CredentialEnrolment
  enrolmentPageCreator: EnrolmentPageCreator
  /** How long a password that was asked for again counts. */
  validitySeconds: number
}

const path = `${credentialsPath}/add`
/** The password comes before the passkey, so it lasts a while also where it is asked for each time. */
const leastSeconds = 600

/** Where one adds a passkey: the password first, or a passkey would lie in the browser that nobody takes. */
export class EnrolmentHandler {
  readonly #parts: EnrolmentHandlerParts

  constructor(parts: EnrolmentHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showPage(req, reply))
    app.post(path, (req, reply) => this.#add(req, reply))
    app.post(`${path}/password`, (req, reply) => this.#prove(req, reply))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const signedIn = await this.#parts.sensitiveDoor.admit(req, reply, path)
    return signedIn === null ? reply : this.#sendPage(req, reply, signedIn, 200, null)
  }

  async #prove(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { sensitiveDoor, sudoStep } = this.#parts
    const signedIn = await sensitiveDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const passage = await sudoStep.pass(req, reply, signedIn, path)
    if (passage === null) return reply
    if (passage.kind === 'refused')
      return this.#sendPage(req, reply, signedIn, passage.statusCode, passage.notice)
    return reply.redirect(path, 303)
  }

  async #add(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { sensitiveDoor, visitorReader, credentialEnrolment } = this.#parts
    const signedIn = await sensitiveDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const visitor = visitorReader.read(req, reply)
    if (!(await this.#isProved(signedIn, visitor.deviceToken))) return reply.redirect(path, 303)
    const outcome = await credentialEnrolment.take(req, signedIn, visitor)
    if (outcome.kind === 'sessionOver') return reply.redirect(path, 303)
    if (outcome.kind !== 'added')
      return this.#sendPage(
        req,
        reply,
        signedIn,
        enrolmentStatuses[outcome.kind],
        wordEnrolmentRefusal(outcome),
      )
    req.log.info({ accountId: signedIn.session.accountId }, 'a passkey was added')
    return reply.redirect(credentialAddress(outcome.id, 'added'), 303)
  }

  async #sendPage(
    req: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    statusCode: number,
    notice: Notice<'currentPassword'> | null,
  ): Promise<FastifyReply> {
    const { visitorReader, credentialEnrolment, enrolmentPageCreator } = this.#parts
    const { username } = signedIn.session
    const isProved = await this.#isProved(signedIn, visitorReader.read(req, reply).deviceToken)
    const page = isProved
      ? await enrolmentPageCreator.buildCreationPage(await credentialEnrolment.ask(req, signedIn), notice)
      : await enrolmentPageCreator.buildPasswordPage(username, notice)
    return sendHtml(reply, statusCode, page)
  }

  async #isProved(signedIn: SignedIn, deviceToken: string | null): Promise<boolean> {
    const { sudoMode, validitySeconds } = this.#parts
    return sudoMode.isProved(signedIn, deviceToken, Math.max(validitySeconds, leastSeconds))
  }
}
