import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { Notice } from '../sign-in/notice.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import { credentialsAddress, credentialsPath, wasRemoved, wordDone } from './credential-address.js'
import type { CredentialKeeper } from './credential-keeper.js'
import { readCredentialName, wordCredentialName } from './credential-name.js'
import type { CredentialStore } from './credential-store.js'
import type { Credential } from './credential.js'
import type { CredentialsPageCreator } from './credentials-page-creator.js'
import type { WebauthnStepStore } from './webauthn-step-store.js'

export type CredentialsHandlerParts = {
  door: Pick<Door, 'admit'>
  /** For who changes something. */ sensitiveDoor: Pick<Door, 'admit'>
  sudoStep: SudoStep
  visitorReader: VisitorReader
  credentialStore: CredentialStore
  credentialKeeper: CredentialKeeper
  webauthnStepStore: WebauthnStepStore
  credentialsPageCreator: CredentialsPageCreator
}

type Owned = {
  signedIn: SignedIn
  credential: Credential
  /** Whether the account has no other. */ isLast: boolean
  path: string
}

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** Where one sees the passkeys of the account, names them, and removes them; for both the password is asked for again. */
export class CredentialsHandler {
  readonly #parts: CredentialsHandlerParts

  constructor(parts: CredentialsHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(credentialsPath, (req, reply) => this.#showAll(req, reply))
    app.get(`${credentialsPath}/:id`, (req, reply) => this.#showOne(req, reply))
    app.post(`${credentialsPath}/:id`, (req, reply) => this.#rename(req, reply))
    app.post(`${credentialsPath}/:id/remove`, (req, reply) => this.#remove(req, reply))
  }

  async #showAll(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { door, credentialStore, webauthnStepStore, credentialsPageCreator } = this.#parts
    const signedIn = await door.admit(req, reply, credentialsPath)
    if (signedIn === null) return reply
    const { accountId } = signedIn.session
    const [credentials, { since }] = await Promise.all([
      credentialStore.findAllOf(accountId),
      webauthnStepStore.find(accountId),
    ])
    const page = await credentialsPageCreator.buildCredentialsPage({
      credentials,
      isStepOn: since !== null,
      done: wordDone(req.query),
      wasRemoved: wasRemoved(req.query),
    })
    return sendHtml(reply, 200, page)
  }

  async #showOne(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const owned = await this.#findOwned(req, reply)
    return owned === null ? reply : this.#sendPage(req, reply, owned, owned.credential.name, 200, null)
  }

  async #rename(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const owned = await this.#findOwned(req, reply)
    if (owned === null) return reply
    const { typed, outcome } = readCredentialName(req.body)
    if (outcome.kind !== 'valid') {
      const notice = {
        heading: 'Please check what you entered',
        messages: { name: wordCredentialName(outcome) },
      }
      return this.#sendPage(req, reply, owned, typed, 400, notice)
    }
    const passage = await this.#pass(req, reply, owned)
    if (passage === null) return reply
    const { credential } = owned
    const { accountId } = passage.signedIn.session
    await this.#parts.credentialStore.rename(accountId, credential.id, outcome.displayName)
    return reply.redirect(credentialsAddress('renamed'), 303)
  }

  async #remove(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { visitorReader, credentialKeeper } = this.#parts
    const owned = await this.#findOwned(req, reply)
    if (owned === null) return reply
    const { signedIn, credential, path } = owned
    const passage = await this.#pass(req, reply, owned)
    if (passage === null) return reply
    const outcome = await credentialKeeper.remove(
      passage.signedIn,
      credential.id,
      visitorReader.read(req, reply),
    )
    if (outcome.kind === 'sessionOver') return reply.redirect(path, 303)
    req.log.info({ accountId: signedIn.session.accountId }, 'a passkey was removed')
    const isStepOff = outcome.kind === 'removed' && outcome.isStepOff
    return reply.redirect(credentialsAddress(isStepOff ? 'lastRemoved' : 'removed'), 303)
  }

  /** Null when it was not shown who asks, which is answered then. A name counts as well: by it owners choose what they remove. */
  async #pass(req: FastifyRequest, reply: FastifyReply, owned: Owned) {
    const { signedIn, credential, path } = owned
    const passage = await this.#parts.sudoStep.pass(req, reply, signedIn, path)
    if (passage === null || passage.kind === 'passed') return passage
    const { typed } = readCredentialName(req.body)
    await this.#sendPage(req, reply, owned, typed || credential.name, passage.statusCode, passage.notice)
    return null
  }

  /** Null when the browser was sent elsewhere: to sign in, or to its list, where a passkey of that id is not. */
  async #findOwned(req: FastifyRequest, reply: FastifyReply): Promise<Owned | null> {
    const { sensitiveDoor, credentialStore } = this.#parts
    const field = readFormField(req.params, 'id')
    const path =
      field.kind === 'text' && isUuid.test(field.text) ? `${credentialsPath}/${field.text}` : credentialsPath
    const signedIn = await sensitiveDoor.admit(req, reply, path)
    if (signedIn === null) return null
    const credentials = await credentialStore.findAllOf(signedIn.session.accountId)
    const credential = credentials.find(({ id }) => field.kind === 'text' && id === field.text)
    const isLast = credentials.length === 1
    if (credential !== undefined) return { signedIn, credential, isLast, path }
    reply.redirect(credentialsPath, 303)
    return null
  }

  async #sendPage(
    req: FastifyRequest,
    reply: FastifyReply,
    { signedIn, credential, isLast }: Owned,
    name: string,
    statusCode: number,
    notice: Notice<'name' | 'currentPassword'> | null,
  ): Promise<FastifyReply> {
    const { sudoStep, webauthnStepStore, credentialsPageCreator } = this.#parts
    const { since } = await webauthnStepStore.find(signedIn.session.accountId)
    const page = await credentialsPageCreator.buildCredentialPage({
      credential,
      name,
      endsStep: isLast && since !== null,
      username: signedIn.session.username,
      isPasswordNeeded: await sudoStep.isPasswordNeeded(req, signedIn),
      notice,
      done: notice === null ? wordDone(req.query) : null,
    })
    return sendHtml(reply, statusCode, page)
  }
}
