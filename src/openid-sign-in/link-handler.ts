import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { Notice } from '../sign-in/notice.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { IdentityKeeper } from './identity-keeper.js'
import type { LinkGuard } from './link-guard.js'
import type { LinkPageCreator } from './link-page-creator.js'
import { setOutPaths } from './set-out-paths.js'
import type { SetOut } from './set-out.js'

export type LinkHandlerParts = {
  door: Door
  /** For who changes something. */ sensitiveDoor: Door
  sudoStep: SudoStep
  linkGuard: LinkGuard
  visitorReader: VisitorReader
  accountStore: AccountStore
  identityKeeper: IdentityKeeper
  linkPageCreator: LinkPageCreator
  /** Null where nothing can be linked in a browser. */ setOut: SetOut | null
}

const path = '/profile/openid'

/** Where one sees which other services open the account, and links and unlinks them; the password is asked for again. */
export class LinkHandler {
  readonly #parts: LinkHandlerParts

  constructor(parts: LinkHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const { setOut } = this.#parts
    app.get(path, (req, reply) => this.#showPage(req, reply))
    app.post(path, (req, reply) => this.#prove(req, reply))
    app.post(`${path}/unlink`, (req, reply) => this.#unlink(req, reply))
    if (setOut !== null) app.get(setOutPaths.link, (req, reply) => this.#setOut(req, reply, setOut))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const signedIn = await this.#parts.door.admit(req, reply, path)
    return signedIn === null ? reply : this.#sendPage(req, reply, signedIn, 200, null)
  }

  /** The password first, in a form; the other service by a link then, because forms may lead to no other site. */
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

  async #unlink(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { sensitiveDoor, linkGuard, visitorReader, identityKeeper } = this.#parts
    const signedIn = await sensitiveDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const visitor = visitorReader.read(req, reply)
    const issuer = readFormField(req.body, 'issuer')
    if (issuer.kind !== 'text' || !(await linkGuard.mayChange(signedIn, visitor.deviceToken)))
      return reply.redirect(path, 303)
    const { kind } = await identityKeeper.unlink(signedIn, issuer.text, visitor)
    // The page says why, to whoever comes to it now.
    if (kind !== 'unlinked') return reply.redirect(path, 303)
    req.log.info({ accountId: signedIn.session.accountId }, 'an identity was unlinked')
    return reply.redirect('/profile?notice=identityUnlinked', 303)
  }

  async #setOut(req: FastifyRequest, reply: FastifyReply, setOut: SetOut): Promise<FastifyReply> {
    const { sensitiveDoor, linkGuard, visitorReader } = this.#parts
    const signedIn = await sensitiveDoor.admit(req, reply, setOutPaths.link)
    if (signedIn === null) return reply
    const isProved = await linkGuard.mayChange(signedIn, visitorReader.read(req, reply).deviceToken)
    // A link on another site must not have people link what they are signed in to there.
    const isOurs = ['same-origin', 'none', undefined].includes(req.headers['sec-fetch-site']?.toString())
    if (!isProved || !isOurs) return reply.redirect(path, 303)
    return setOut.send(req, reply, { purpose: 'link', redirectUrl: '', sessionId: signedIn.session.id })
  }

  async #sendPage(
    req: FastifyRequest,
    reply: FastifyReply,
    signedIn: SignedIn,
    statusCode: number,
    notice: Notice<'currentPassword'> | null,
  ): Promise<FastifyReply> {
    const { accountStore, identityKeeper, linkGuard, visitorReader, linkPageCreator } = this.#parts
    const { accountId, username } = signedIn.session
    const { deviceToken } = visitorReader.read(req, reply)
    const [account, identities, mayChange] = await Promise.all([
      accountStore.findById(accountId),
      identityKeeper.findAllOf(accountId),
      linkGuard.mayChange(signedIn, deviceToken),
    ])
    const hasPassword = account?.hasPassword !== false
    const state = { username, hasPassword, identities, mayChange }
    return sendHtml(reply, statusCode, await linkPageCreator.buildLinkPage(state, notice))
  }
}
