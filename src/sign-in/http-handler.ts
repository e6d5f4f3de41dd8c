import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account-store.js'
import { sendHtml } from '../http/html-reply.js'
import type { DeviceCookie } from '../http/device-cookie.js'
import type { SessionCookie } from '../http/session-cookie.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { Door } from './door.js'
import type { LoginNoticeReader } from './login-notice-reader.js'
import type { LoginPageCreator } from './login-page-creator.js'
import type { RegisterPageCreator } from './register-page-creator.js'
import type { RequestParser } from './request-parser.js'
import { signInAddress } from './sign-in-address.js'
import type { SignInDetour } from './sign-in-detour.js'
import type { SessionToken, UserAuthenticator } from './user-authenticator.js'
import type { VisitorReader } from './visitor-reader.js'

export type HttpHandlerParts = {
  requestParser: RequestParser
  userAuthenticator: UserAuthenticator
  loginPageCreator: LoginPageCreator
  loginNoticeReader: LoginNoticeReader
  registerPageCreator: RegisterPageCreator
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  destinationReader: DestinationReader
  door: Door
  visitorReader: VisitorReader
  sessionCookie: SessionCookie
  deviceCookie: DeviceCookie
  /** Null where nothing ever comes first. */
  signInDetour: SignInDetour | null
  now: () => Date
}

/** Tells the story of diagram 1 step by step: sign in and register. It knows the order of the steps and nothing else. */
export class HttpHandler {
  readonly #parts: HttpHandlerParts

  constructor(parts: HttpHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    app.get('/login', (req, reply) => this.showLoginPage(req, reply))
    app.post('/login', (req, reply) => this.login(req, reply))
    app.get('/register', (req, reply) => this.showRegisterPage(req, reply))
    app.post('/register', (req, reply) => this.register(req, reply))
  }

  private async showLoginPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, loginPageCreator, loginNoticeReader, door } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      return this.#refuseRedirect(reply, destination.refusal)
    }
    const signedIn = await door.find(req, reply)
    if (signedIn !== null) {
      // The app that sent this browser did not get its cookie, so it may be of another scope than it should be.
      door.handOver(reply, signedIn)
      return reply.redirect(destination.url, 303)
    }
    const notice = await loginNoticeReader.read(req, reply)
    return sendHtml(reply, 200, await loginPageCreator.buildLoginPage(destination.address, notice))
  }

  private async login(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { requestParser, userAuthenticator, loginPageCreator, visitorReader } = this.#parts
    const loginReq = requestParser.parseLoginReq(req)
    if (loginReq.kind === 'refusedRedirect') {
      return this.#refuseRedirect(reply, loginReq.refusal)
    }
    if (loginReq.kind === 'invalid') {
      return sendHtml(
        reply,
        400,
        await loginPageCreator.buildLoginErrorPage(loginReq.form, loginReq.problems),
      )
    }

    const { form } = loginReq
    const visitor = visitorReader.read(req, reply)
    const result = await userAuthenticator.authenticateUser(loginReq.username, loginReq.password, visitor)
    switch (result.kind) {
      case 'busy':
        reply.header('retry-after', result.retryAfterSeconds)
        return sendHtml(reply, 503, await loginPageCreator.buildBusyLoginPage(form, result.retryAfterSeconds))
      case 'coolingDown':
      case 'addressCoolingDown':
        req.log.info({ clientAddress: req.ip }, 'sign-in was refused: too many failed attempts')
        reply.header('retry-after', result.retryAfterSeconds)
        return sendHtml(reply, 429, await loginPageCreator.buildCooldownLoginPage(form, result))
      case 'locked':
        req.log.warn({ clientAddress: req.ip }, 'sign-in was refused: locked')
        return sendHtml(reply, 403, await loginPageCreator.buildLockedLoginPage(form))
      case 'usernameNotFound':
        req.log.info({ clientAddress: req.ip }, 'sign-in was refused: no such account')
        return sendHtml(reply, 401, await loginPageCreator.buildUsernameNotFoundLoginPage(form, result))
      case 'incorrectPassword':
        req.log.info(describe(req, result.account), 'sign-in was refused: wrong password')
        return sendHtml(reply, 401, await loginPageCreator.buildIncorrectPasswordLoginPage(form, result))
      case 'success': {
        const token = await userAuthenticator.createSessionToken(
          result.account,
          visitor,
          this.#parts.sessionCookie.read(req),
        )
        if (token === null)
          return sendHtml(reply, 401, await loginPageCreator.buildPasswordChangedLoginPage(form))
        req.log.info(describe(req, result.account), 'signed in')
        const redirectAddr = await this.#findWay(result.account, loginReq)
        return this.createRedirectHttpResp(reply, redirectAddr, token, result.deviceToken)
      }
    }
  }

  private async showRegisterPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, registerPageCreator } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      return this.#refuseRedirect(reply, destination.refusal)
    }
    return sendHtml(reply, 200, await registerPageCreator.buildRegisterPage(destination.address))
  }

  private async register(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { requestParser, userAuthenticator, registerPageCreator, visitorReader } = this.#parts
    const registerReq = await requestParser.parseRegisterReq(req)
    if (registerReq.kind === 'refusedRedirect') {
      return this.#refuseRedirect(reply, registerReq.refusal)
    }
    if (registerReq.kind === 'invalid') {
      return sendHtml(
        reply,
        400,
        await registerPageCreator.buildRegisterErrorPage(registerReq.form, registerReq.problems),
      )
    }

    const { form } = registerReq
    const visitor = visitorReader.read(req, reply)
    const response = await userAuthenticator.createAccount(
      registerReq.username,
      registerReq.password,
      registerReq.email,
      visitor,
    )
    switch (response.kind) {
      case 'busy':
        reply.header('retry-after', response.retryAfterSeconds)
        return sendHtml(
          reply,
          503,
          await registerPageCreator.buildBusyRegisterPage(form, response.retryAfterSeconds),
        )
      case 'usernameUnavailable':
        return sendHtml(reply, 409, await registerPageCreator.buildUsernameUnavailablePage(form))
      case 'emailUnavailable':
        return sendHtml(reply, 409, await registerPageCreator.buildEmailUnavailablePage(form))
      case 'success': {
        const token = await userAuthenticator.createSessionToken(
          response.account,
          visitor,
          this.#parts.sessionCookie.read(req),
        )
        // The operator has changed the password or removed the account at this very moment.
        if (token === null) return reply.redirect(signInAddress('/login', form.redirectUrl), 303)
        req.log.info(describe(req, response.account), 'registered')
        const redirectAddr = await this.#findWay(response.account, registerReq)
        return this.createRedirectHttpResp(reply, redirectAddr, token, response.deviceToken)
      }
    }
  }

  /** 303, so that going back or reloading never sends the form again. */
  private createRedirectHttpResp(
    reply: FastifyReply,
    redirectAddr: string,
    { token, expiresAt }: SessionToken,
    deviceToken: string,
  ): FastifyReply {
    this.#parts.sessionCookie.write(reply, token, expiresAt, this.#parts.now())
    this.#parts.deviceCookie.write(reply, deviceToken)
    return reply.redirect(redirectAddr, 303)
  }

  /** Where the browser goes now: to what comes first for this account, or to where it was going. */
  async #findWay(
    account: Account,
    { redirectAddr, form }: { redirectAddr: string; form: { redirectUrl: string } },
  ): Promise<string> {
    return (await this.#parts.signInDetour?.(account, form.redirectUrl)) ?? redirectAddr
  }

  async #refuseRedirect(reply: FastifyReply, refusal: RedirectRefusal): Promise<FastifyReply> {
    return sendHtml(
      reply,
      400,
      await this.#parts.refusedRedirectPageCreator.buildRefusedRedirectPage(refusal),
    )
  }
}

/** What the log tells of somebody; never what was typed, which may be a password in the wrong field. */
function describe(req: FastifyRequest, account: Account) {
  return { accountId: account.id, username: account.username, clientAddress: req.ip }
}
