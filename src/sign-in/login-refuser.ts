import type { FastifyReply } from 'fastify'
import { sendHtml } from '../http/html-reply.js'
import { captchaRefusal, isPuzzleDue, type HumanCheck, type HumanVerdict } from './human-check.js'
import type { LoginPageCreator } from './login-page-creator.js'
import type { LoginRefusal } from './login-refusal.js'
import type { LoginForm } from './login-req.js'
import { loginStatuses } from './login-statuses.js'
import type { LoginResult } from './user-authenticator.js'

/** A login that led to no session. */
export type RefusedLogin =
  | Exclude<LoginResult, { kind: 'success' | 'secondStepDue' }>
  | { kind: 'passwordChanged' }

export type LoginRefuserParts = { loginPageCreator: LoginPageCreator; humanCheck: HumanCheck }

/** Answers a login form that signs nobody in: with the form again, why, and a puzzle where the next try wants one. */
export class LoginRefuser {
  readonly #parts: LoginRefuserParts

  constructor(parts: LoginRefuserParts) {
    this.#parts = parts
  }

  /**
   * @param typed what the form held
   * @param verdict on what was sent with it to solve its puzzle
   * @throws DatabaseUnavailable
   */
  async refuse(
    reply: FastifyReply,
    typed: LoginForm,
    result: RefusedLogin,
    verdict: HumanVerdict,
  ): Promise<FastifyReply> {
    const puzzle = await this.#parts.humanCheck.pose(reply, 'login', verdict, isPuzzleDue(result))
    const refusal = result.kind === 'captchaNeeded' ? captchaRefusal(verdict) : result
    if ('retryAfterSeconds' in refusal) reply.header('retry-after', refusal.retryAfterSeconds)
    return sendHtml(reply, loginStatuses[refusal.kind], await this.#build({ ...typed, puzzle }, refusal))
  }

  #build(form: LoginForm, refusal: LoginRefusal): Promise<string> {
    const { loginPageCreator } = this.#parts
    if (refusal.kind === 'usernameNotFound')
      return loginPageCreator.buildUsernameNotFoundLoginPage(form, refusal)
    if (refusal.kind === 'incorrectPassword')
      return loginPageCreator.buildIncorrectPasswordLoginPage(form, refusal)
    return loginPageCreator.buildRefusedLoginPage(form, refusal)
  }
}
