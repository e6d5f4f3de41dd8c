import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import type { DestinationReader } from '../sibling-apps/destination-reader.js'
import type { RedirectRefusal } from '../sibling-apps/redirect-policy.js'
import type { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import type { Door } from './door.js'
import { captchaRefusal, type HumanCheck } from './human-check.js'
import type { LoginNoticeReader } from './login-notice-reader.js'
import type { LoginPageCreator } from './login-page-creator.js'
import type { LoginRefuser } from './login-refuser.js'
import type { RegisterPageCreator } from './register-page-creator.js'
import type { RequestParser } from './request-parser.js'
import type { SecondStep } from './second-step.js'
import type { SessionStarter, StartedSession } from './session-starter.js'
import { signInAddress } from './sign-in-address.js'
import { logRefusedLogin } from './sign-in-log.js'
import type { UserAuthenticator } from './user-authenticator.js'
import type { VisitorReader } from './visitor-reader.js'

export type HttpHandlerParts = {
  requestParser: RequestParser
  userAuthenticator: UserAuthenticator
  loginPageCreator: LoginPageCreator
  loginNoticeReader: LoginNoticeReader
  loginRefuser: LoginRefuser
  registerPageCreator: RegisterPageCreator
  refusedRedirectPageCreator: RefusedRedirectPageCreator
  destinationReader: DestinationReader
  door: Door
  visitorReader: VisitorReader
  humanCheck: HumanCheck
  secondStep: SecondStep
  sessionStarter: SessionStarter
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
    const { destinationReader, loginPageCreator, loginNoticeReader, door, humanCheck } = this.#parts
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
    const puzzle = await humanCheck.pose(reply, 'login')
    return sendHtml(reply, 200, await loginPageCreator.buildLoginPage(destination.address, notice, puzzle))
  }

  private async login(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { requestParser, userAuthenticator, loginPageCreator, loginRefuser } = this.#parts
    const { visitorReader, humanCheck, secondStep, sessionStarter } = this.#parts
    const loginReq = requestParser.parseLoginReq(req)
    if (loginReq.kind === 'refusedRedirect') {
      return this.#refuseRedirect(reply, loginReq.refusal)
    }
    if (loginReq.kind === 'invalid') {
      const form = { ...loginReq.form, puzzle: await humanCheck.pose(reply, 'login') }
      return sendHtml(reply, 400, await loginPageCreator.buildLoginErrorPage(form, loginReq.problems))
    }

    const verdict = await humanCheck.judge(req, 'login')
    const visitor = { ...visitorReader.read(req, reply), isHuman: verdict === 'human' }
    const result = await userAuthenticator.authenticateUser(loginReq.username, loginReq.password, visitor)
    logRefusedLogin(req, result)
    switch (result.kind) {
      case 'success': {
        const session = await sessionStarter.start(req, result, visitor)
        if (session === null)
          return loginRefuser.refuse(reply, loginReq.form, { kind: 'passwordChanged' }, verdict)
        return this.createRedirectHttpResp(reply, loginReq, session)
      }
      case 'secondStepDue':
        return secondStep.lead(req, reply, result.account, visitor, loginReq.form.redirectUrl)
      case 'usernameNotFound':
      case 'incorrectPassword':
      case 'captchaNeeded':
      case 'coolingDown':
      case 'addressCoolingDown':
      case 'locked':
      case 'busy':
        return loginRefuser.refuse(reply, loginReq.form, result, verdict)
    }
  }

  private async showRegisterPage(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { destinationReader, registerPageCreator, humanCheck } = this.#parts
    const destination = destinationReader.read(req)
    if (destination.kind === 'refused') {
      return this.#refuseRedirect(reply, destination.refusal)
    }
    const puzzle = await humanCheck.pose(reply, 'register')
    return sendHtml(reply, 200, await registerPageCreator.buildRegisterPage(destination.address, puzzle))
  }

  private async register(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { requestParser, userAuthenticator, registerPageCreator } = this.#parts
    const { visitorReader, humanCheck, secondStep, sessionStarter } = this.#parts
    const registerReq = await requestParser.parseRegisterReq(req)
    if (registerReq.kind === 'refusedRedirect') {
      return this.#refuseRedirect(reply, registerReq.refusal)
    }
    if (registerReq.kind === 'invalid') {
      const form = { ...registerReq.form, puzzle: await humanCheck.pose(reply, 'register') }
      return sendHtml(
        reply,
        400,
        await registerPageCreator.buildRegisterErrorPage(form, registerReq.problems),
      )
    }

    const verdict = await humanCheck.judge(req, 'register')
    const { form } = registerReq
    const again = async () => ({ ...form, puzzle: await humanCheck.pose(reply, 'register', verdict) })
    if (humanCheck.asksEverybody('register') && verdict !== 'human')
      return sendHtml(
        reply,
        403,
        await registerPageCreator.buildCaptchaNeededPage(await again(), captchaRefusal(verdict)),
      )
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
          await registerPageCreator.buildBusyRegisterPage(await again(), response.retryAfterSeconds),
        )
      case 'usernameUnavailable':
        return sendHtml(reply, 409, await registerPageCreator.buildUsernameUnavailablePage(await again()))
      case 'emailUnavailable':
        return sendHtml(reply, 409, await registerPageCreator.buildEmailUnavailablePage(await again()))
      case 'secondStepDue':
        return secondStep.lead(req, reply, response.account, visitor, form.redirectUrl)
      case 'success': {
        const session = await sessionStarter.start(req, response, visitor, 'registered')
        // The operator has changed the password or removed the account at this very moment.
        if (session === null) return reply.redirect(signInAddress('/login', form.redirectUrl), 303)
        return this.createRedirectHttpResp(reply, registerReq, session)
      }
    }
  }

  /** 303, so that going back or reloading never sends the form again. */
  private async createRedirectHttpResp(
    reply: FastifyReply,
    { redirectAddr, form }: { redirectAddr: string; form: { redirectUrl: string } },
    session: StartedSession,
  ): Promise<FastifyReply> {
    const { sessionStarter } = this.#parts
    const way = await sessionStarter.findWay(session.account, redirectAddr, form.redirectUrl)
    sessionStarter.handOver(reply, session)
    return reply.redirect(way, 303)
  }

  async #refuseRedirect(reply: FastifyReply, refusal: RedirectRefusal): Promise<FastifyReply> {
    return sendHtml(
      reply,
      400,
      await this.#parts.refusedRedirectPageCreator.buildRefusedRedirectPage(refusal),
    )
  }
}
