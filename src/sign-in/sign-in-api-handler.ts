import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { confirmationField } from '../accounts/confirmation-field.js'
import { sendProblem } from '../http/json-reply.js'
import { withJsonBodies } from '../http/json-routes.js'
import { sendRefusedFields } from '../http/send-refused-fields.js'
import { captchaRefusal, isPuzzleDue, type HumanCheck, type Puzzle } from './human-check.js'
import { hideExistence, type LoginRefusal } from './login-refusal.js'
import { loginStatuses } from './login-statuses.js'
import type { ProgramWelcome } from './program-welcome.js'
import type { RequestParser } from './request-parser.js'
import type { SecondStep } from './second-step.js'
import { sendRefusal } from './send-refusal.js'
import type { SessionStarter } from './session-starter.js'
import { logRefusedLogin } from './sign-in-log.js'
import type { SignOut } from './sign-out.js'
import type { UserAuthenticator } from './user-authenticator.js'
import type { VisitorReader } from './visitor-reader.js'
import { wordLoginProblem } from './word-login-problem.js'
import { wordLoginRefusal } from './word-login-refusal.js'
import { wordNotice } from './word-notice.js'
import { wordRegisterProblem } from './word-register-problem.js'
import { wordRegisterRefusal, type RegisterRefusal } from './word-register-refusal.js'
import { wordWayOut } from './word-way-out.js'

export type SignInApiHandlerParts = {
  requestParser: RequestParser
  userAuthenticator: UserAuthenticator
  visitorReader: VisitorReader
  humanCheck: HumanCheck
  secondStep: SecondStep
  sessionStarter: SessionStarter
  programWelcome: ProgramWelcome
  signOut: SignOut
  revealAccountExistence: boolean
  /** Whether a recovery passkey is a way back here. */ offersPasskey: boolean
}

/**
 * Signing in, registering and signing out for programs: by the rules and in the words of the pages, as JSON. The session's
 * token is handed over in a cookie only, and nobody is sent anywhere.
 */
export class SignInApiHandler {
  readonly #parts: SignInApiHandlerParts

  constructor(parts: SignInApiHandlerParts) {
    this.#parts = parts
  }

  addRoutes(app: FastifyInstance): void {
    const preHandler = this.#parts.programWelcome.check
    withJsonBodies(app, (scope) => {
      scope.post('/api/login', { preHandler }, (req, reply) => this.#login(req, reply))
      scope.post('/api/register', { preHandler }, (req, reply) => this.#register(req, reply))
      scope.post('/api/logout', (req, reply) => this.#logout(req, reply))
    })
  }

  async #login(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { requestParser, userAuthenticator, visitorReader, humanCheck } = this.#parts
    const { secondStep, sessionStarter, programWelcome } = this.#parts
    const credentials = requestParser.readCredentials(req.body)
    if (credentials.kind === 'invalid')
      return sendRefusedFields(reply, credentials.problems, wordLoginProblem)
    const { username, password } = credentials
    const verdict = await humanCheck.judge(req, 'login')
    const visitor = { ...visitorReader.read(req, reply), isHuman: verdict === 'human' }
    const result = await userAuthenticator.authenticateUser(username, password, visitor)
    logRefusedLogin(req, result)
    if (result.kind === 'secondStepDue') return secondStep.tell(req, reply, result.account, visitor)
    if (result.kind !== 'success') {
      const refusal = result.kind === 'captchaNeeded' ? captchaRefusal(verdict) : result
      const puzzle = isPuzzleDue(result) ? await humanCheck.pose(reply, 'login', verdict, true) : null
      return this.#refuse(reply, refusal, username, puzzle)
    }
    const session = await sessionStarter.start(req, result, visitor)
    if (session === null) return this.#refuse(reply, { kind: 'passwordChanged' }, username)
    return programWelcome.send(reply, 200, session, visitor)
  }

  async #register(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { requestParser, userAuthenticator, visitorReader, humanCheck } = this.#parts
    const { secondStep, sessionStarter, programWelcome } = this.#parts
    const wish = await requestParser.readAccountWish(req.body, confirmationField(req.body, 'password'))
    if (wish.kind === 'invalid') return sendRefusedFields(reply, wish.problems, wordRegisterProblem)
    const verdict = await humanCheck.judge(req, 'register')
    if (humanCheck.asksEverybody('register') && verdict !== 'human')
      return this.#refuseAccount(
        reply,
        captchaRefusal(verdict),
        await humanCheck.pose(reply, 'register', verdict, true),
      )
    const visitor = visitorReader.read(req, reply)
    const response = await userAuthenticator.createAccount(wish.username, wish.password, wish.email, visitor)
    switch (response.kind) {
      case 'busy':
        return this.#refuse(reply, response, wish.typed.username)
      case 'usernameUnavailable':
      case 'emailUnavailable':
        return this.#refuseAccount(reply, response)
      case 'secondStepDue':
        return secondStep.tell(req, reply, response.account, visitor)
      case 'success': {
        const session = await sessionStarter.start(req, response, visitor, 'registered')
        // The operator has changed the password or removed the account at this very moment.
        if (session === null) return this.#refuseAccount(reply, { kind: 'accountChanged' })
        return programWelcome.send(reply, 201, session, visitor)
      }
    }
  }

  async #logout(req: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await this.#parts.signOut.leave(req, reply)
    return reply.send({ signedOut: true })
  }

  #refuse(
    reply: FastifyReply,
    refusal: LoginRefusal,
    typedName: string,
    puzzle: Puzzle | null = null,
  ): FastifyReply {
    const told = this.#parts.revealAccountExistence ? refusal : hideExistence(refusal)
    const words = { ...wordLoginRefusal(told, typedName), ...wordWayOut(told, this.#parts.offersPasskey, '') }
    return sendRefusal(reply, loginStatuses[told.kind], { ...told, captcha: puzzle?.json }, words)
  }

  #refuseAccount(reply: FastifyReply, refusal: RegisterRefusal, puzzle: Puzzle | null = null): FastifyReply {
    const notice = wordRegisterRefusal(refusal)
    const problems = Object.entries(notice.messages ?? {}).map(([field, message]) => ({ field, message }))
    return sendProblem(reply, refusal.kind === 'captchaNeeded' ? loginStatuses.captchaNeeded : 409, {
      error: refusal.kind,
      message: wordNotice(notice),
      ...(problems.length > 0 ? { problems } : {}),
      ...(puzzle === null ? {} : { captcha: puzzle.json }),
    })
  }
}
