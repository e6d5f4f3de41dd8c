import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AccountStore } from '../accounts/account-store.js'
import { readFormField } from '../http/form-field.js'
import { sendHtml } from '../http/html-reply.js'
import type { Door } from '../sign-in/door.js'
import type { OnwardDoor } from '../sign-in/onward-door.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoMode } from '../sudo-mode/sudo-mode.js'
import type { IdentityKeeper } from './identity-keeper.js'
import { isLinkMark } from './link-mark.js'
import type { LinkPageCreator } from './link-page-creator.js'
import { setOutPaths } from './set-out-paths.js'
import type { SetOut } from './set-out.js'

export type LinkHandlerParts = {
  onwardDoor: OnwardDoor
  /** For who changes something. */ provedDoor: Door
  sudoMode: SudoMode
  visitorReader: VisitorReader
  accountStore: AccountStore
  identityKeeper: IdentityKeeper
  linkPageCreator: LinkPageCreator
  /** Null where nothing can be linked in a browser. */ setOut: SetOut | null
}

const path = '/profile/openid'

/** Where one sees which other services open the account, and links and unlinks them once one has proved who one is. */
export class LinkHandler {
  readonly #parts: LinkHandlerParts

  constructor(parts: LinkHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const { setOut } = this.#parts
    app.get(path, (req, reply) => this.#showPage(req, reply))
    app.post(`${path}/unlink`, (req, reply) => this.#unlink(req, reply))
    if (setOut !== null) app.get(setOutPaths.link, (req, reply) => this.#setOut(req, reply, setOut))
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { onwardDoor, accountStore, identityKeeper, sudoMode, visitorReader, linkPageCreator } = this.#parts
    const visit = await onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const { signedIn, address, app } = visit
    const { accountId } = signedIn.session
    const { deviceToken } = visitorReader.read(req, reply)
    const [account, identities, mayChange] = await Promise.all([
      accountStore.findById(accountId),
      identityKeeper.findAllOf(accountId),
      sudoMode.isProved(signedIn, deviceToken),
    ])
    const state = {
      hasPassword: account?.hasPassword !== false,
      identities,
      mayChange,
      token: signedIn.token,
      redirectUrl: address,
      app,
    }
    return sendHtml(reply, 200, await linkPageCreator.buildLinkPage(state, path))
  }

  async #unlink(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { provedDoor, visitorReader, identityKeeper } = this.#parts
    const signedIn = await provedDoor.admit(req, reply, path)
    if (signedIn === null) return reply
    const issuer = readFormField(req.body, 'issuer')
    if (issuer.kind !== 'text') return reply.redirect(path, 303)
    const { kind } = await identityKeeper.unlink(signedIn, issuer.text, visitorReader.read(req, reply))
    // The page says why, to whoever comes to it now.
    if (kind !== 'unlinked') return reply.redirect(path, 303)
    req.log.info({ accountId: signedIn.session.accountId }, 'an identity was unlinked')
    return reply.redirect('/profile?notice=identityUnlinked', 303)
  }

  /** From the page alone: a form that proves who one is may lead to no other site. */
  async #setOut(req: FastifyRequest, reply: FastifyReply, setOut: SetOut): Promise<FastifyReply> {
    const { onwardDoor, provedDoor } = this.#parts
    const visit = await onwardDoor.admit(req, reply, path)
    if (visit === null) return reply
    const redirectUrl = visit.address
    const signedIn = await provedDoor.admit(req, reply, signInAddress(path, redirectUrl))
    if (signedIn === null) return reply
    const mark = readFormField(req.query, 'mark')
    const isMarked = mark.kind === 'text' && isLinkMark(mark.text, signedIn.token)
    // Apps on the same domain, which see the session's cookie, could make a mark.
    const isOurs = ['same-origin', 'none', undefined].includes(req.headers['sec-fetch-site']?.toString())
    // Nobody else may have people link what they are signed in to there.
    if (!isMarked || !isOurs) return reply.redirect(signInAddress(path, redirectUrl), 303)
    return setOut.send(req, reply, { purpose: 'link', redirectUrl, sessionId: signedIn.session.id })
  }
}
