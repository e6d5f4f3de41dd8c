import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { Notice } from '../sign-in/notice.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { CredentialEnrolment } from './credential-enrolment.js'
import { credentialAddress, credentialsPath } from './credential-address.js'
import type { EnrolmentPageCreator } from './enrolment-page-creator.js'
import { enrolmentStatuses, wordEnrolmentRefusal } from './word-enrolment-refusal.js'

export type EnrolmentHandlerParts = {
  /** Once they have proved who they are: asked for afterwards, a passkey would lie in the browser that nobody takes. */
  provedDoor: Pick<Door, 'admit'>
  visitorReader: VisitorReader
  credentialEnrolment: CredentialEnrolment
  enrolmentPageCreator: EnrolmentPageCreator
}

const path = `${credentialsPath}/add`

/** Where one adds a passkey. */
export class EnrolmentHandler {
  readonly #parts: EnrolmentHandlerParts

  constructor(parts: EnrolmentHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(path, (req, reply) => this.#showPage(req, reply))
    app.post(path, (req, reply) => this.#add(req, reply))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const signedIn = await this.#parts.provedDoor.admit(req, reply, path)
    return signedIn === null ? reply : this.#sendPage(req, reply, signedIn, 200, null)
  }

  async #add(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { provedDoor, visitorReader, credentialEnrolment } = this.#parts
    const signedIn = await provedDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const visitor = visitorReader.read(req, reply)
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
    notice: Notice<never> | null,
  ): Promise<FastifyReply> {
    const { credentialEnrolment, enrolmentPageCreator } = this.#parts
    const options = await credentialEnrolment.ask(req, signedIn)
    return sendHtml(reply, statusCode, await enrolmentPageCreator.buildCreationPage(options, notice))
  }
}
