import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { RecoveryCodesPageCreator } from '../recovery-codes/recovery-codes-page-creator.js'
import type { Door, SignedIn } from '../sign-in/door.js'
import type { VisitorReader } from '../sign-in/visitor-reader.js'
import type { SudoStep } from '../sudo-mode/sudo-step.js'
import type { AuthenticatorAppKeeper } from './authenticator-app-keeper.js'
import type { AuthenticatorAppPageCreator, AuthenticatorAppValues } from './authenticator-app-page-creator.js'
import { appPath, setUpPath } from './profile-paths.js'

export type AuthenticatorAppHandlerParts = {
  /** Of the profile. */ door: Pick<Door, 'admit'>
  sudoStep: SudoStep
  visitorReader: VisitorReader
  authenticatorAppKeeper: AuthenticatorAppKeeper
  authenticatorAppPageCreator: AuthenticatorAppPageCreator
  recoveryCodesPageCreator: RecoveryCodesPageCreator
}

type Deed = (req: FastifyRequest, reply: FastifyReply, signedIn: SignedIn) => Promise<FastifyReply>

/** Where an owner sets up an authenticator app, removes it, and makes recovery codes; the password is asked for again. */
export class AuthenticatorAppHandler {
  readonly #parts: AuthenticatorAppHandlerParts

  constructor(parts: AuthenticatorAppHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get(appPath, (req, reply) => this.#showPage(req, reply))
    const deeds: [name: string, deed: Deed][] = [
      ['begin', (req, reply, signedIn) => this.#begin(req, reply, signedIn)],
      ['off', (req, reply, signedIn) => this.#remove(req, reply, signedIn)],
      ['recovery-codes', (req, reply, signedIn) => this.#renewCodes(req, reply, signedIn)],
    ]
    for (const [name, deed] of deeds) {
      app.post(`${appPath}/${name}`, (req, reply) => this.#withPassword(req, reply, deed))
      // For whoever loads the address of a refused form anew.
      app.get(`${appPath}/${name}`, (_req, reply) => reply.redirect(appPath, 303))
    }
  }

  async #showPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { door, authenticatorAppPageCreator } = this.#parts
    const signedIn = await door.admit(req, reply, appPath)
    if (signedIn === null) return reply
    const values = await this.#describe(req, signedIn)
    return sendHtml(reply, 200, await authenticatorAppPageCreator.buildAppPage(values, null))
  }

  async #withPassword(req: FastifyRequest, reply: FastifyReply, deed: Deed): Promise<FastifyReply> {
    const { door, sudoStep, authenticatorAppPageCreator } = this.#parts
    const signedIn = await door.admit(req, reply, appPath)
    if (signedIn === null) return reply
    const passage = await sudoStep.pass(req, reply, signedIn, appPath)
    if (passage === null) return reply
    if (passage.kind === 'passed') return deed(req, reply, passage.signedIn)
    const values = await this.#describe(req, signedIn)
    const page = await authenticatorAppPageCreator.buildAppPage(values, passage.notice)
    return sendHtml(reply, passage.statusCode, page)
  }

  async #begin(_req: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): Promise<FastifyReply> {
    const isBegun = await this.#parts.authenticatorAppKeeper.begin(signedIn)
    return reply.redirect(isBegun ? setUpPath : appPath, 303)
  }

  async #remove(req: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): Promise<FastifyReply> {
    const { authenticatorAppKeeper, visitorReader } = this.#parts
    if (!(await authenticatorAppKeeper.remove(signedIn, visitorReader.read(req, reply))))
      return reply.redirect(appPath, 303)
    req.log.info({ accountId: signedIn.session.accountId }, 'authenticator app: off')
    return reply.redirect('/profile?notice=authenticatorAppOff', 303)
  }

  async #renewCodes(req: FastifyRequest, reply: FastifyReply, signedIn: SignedIn): Promise<FastifyReply> {
    const { authenticatorAppKeeper, visitorReader, recoveryCodesPageCreator } = this.#parts
    const codes = await authenticatorAppKeeper.renewRecoveryCodes(signedIn, visitorReader.read(req, reply))
    if (codes === null) return reply.redirect(appPath, 303)
    const { accountId, username } = signedIn.session
    req.log.info({ accountId }, 'new recovery codes were made')
    const shown = { username, codes, occasion: 'renewed', onUrl: appPath } as const
    return sendHtml(reply, 200, await recoveryCodesPageCreator.buildRecoveryCodesPage(shown))
  }

  async #describe(req: FastifyRequest, signedIn: SignedIn): Promise<AuthenticatorAppValues> {
    const { authenticatorAppKeeper, sudoStep } = this.#parts
    const { accountId, username } = signedIn.session
    const [app, password] = await Promise.all([
      authenticatorAppKeeper.find(accountId),
      sudoStep.describe(req, signedIn),
    ])
    return { username, app, ...password }
  }
}
