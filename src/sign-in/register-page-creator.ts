import { wordPasswordHint } from '../accounts/word-password-hint.js'
import type { View } from '../http/view.js'
import type { CaptchaRefusal, Puzzle } from './human-check.js'
import type { Notice } from './notice.js'
import type { RegisterForm, RegisterProblem } from './register-req.js'
import { signInAddress } from './sign-in-address.js'
import { wordRefusal } from './word-refusal.js'
import { wordRegisterProblem } from './word-register-problem.js'
import { wordRegisterRefusal } from './word-register-refusal.js'

export type RegisterPageSettings = {
  minimumPasswordLength: number
  /** Another service that signs people in; null for none. */ otherService: string | null
  /** Whether codes are mailed to everybody: who gives no address is asked for one before the first. */ isEmailNeeded: boolean
}

/** Words and HTML of the register page in all its states. It knows no HTTP and decides nothing. */
export class RegisterPageCreator {
  readonly #view: View
  readonly #passwordHint: string
  readonly #settings: RegisterPageSettings

  constructor(view: View, settings: RegisterPageSettings) {
    this.#view = view
    this.#settings = settings
    this.#passwordHint = wordPasswordHint(settings.minimumPasswordLength)
  }

  /** The page as it is first seen. */
  buildRegisterPage(redirectUrl: string, puzzle: Puzzle | null): Promise<string> {
    return this.#build({ username: '', email: '', redirectUrl, puzzle })
  }

  /** The page with what is wrong beside each field. */
  buildRegisterErrorPage(form: RegisterForm, problems: readonly RegisterProblem[]): Promise<string> {
    const messages = Object.fromEntries(
      problems.map((problem) => [problem.field, wordRegisterProblem(problem)]),
    )
    return this.#build(form, { heading: 'Please check what you entered', messages })
  }

  /** The page for a name that somebody has, or one that would be taken for it. */
  buildUsernameUnavailablePage(form: RegisterForm): Promise<string> {
    return this.#build(form, wordRegisterRefusal({ kind: 'usernameUnavailable' }))
  }

  /** The page for an e-mail address that another account has. */
  buildEmailUnavailablePage(form: RegisterForm): Promise<string> {
    return this.#build(form, wordRegisterRefusal({ kind: 'emailUnavailable' }))
  }

  /** The page for somebody who may be a program; no account was made. */
  buildCaptchaNeededPage(form: RegisterForm, refusal: CaptchaRefusal): Promise<string> {
    return this.#build(form, wordRegisterRefusal(refusal))
  }

  /** The page when so many people sign in that this one has to wait; no account was made. */
  buildBusyRegisterPage(form: RegisterForm, retryAfterSeconds: number): Promise<string> {
    return this.#build(form, wordRefusal({ kind: 'busy', retryAfterSeconds }))
  }

  #build(form: RegisterForm, notice: Notice<RegisterProblem['field']> | null = null): Promise<string> {
    return this.#view('sign-in/register', {
      title: notice === null ? 'Create an account' : `${notice.heading} – create an account`,
      notice,
      messages: notice?.messages ?? {},
      scripts: form.puzzle?.scripts ?? [],
      passwordHint: this.#passwordHint,
      loginUrl: signInAddress('/login', form.redirectUrl),
      registerUrl: signInAddress('/register', form.redirectUrl),
      otherService: this.#settings.otherService,
      isEmailNeeded: this.#settings.isEmailNeeded,
      otherServiceUrl: signInAddress('/login/openid', form.redirectUrl),
      ...form,
    })
  }
}
