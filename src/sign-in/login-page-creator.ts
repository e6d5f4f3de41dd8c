import type { View } from '../http/view.js'
import type { FailureCount } from './failure-count.js'
import type { LoginNotice } from './login-notice.js'
import type { Puzzle } from './human-check.js'
import { hideExistence, type LoginRefusal } from './login-refusal.js'
import type { LoginForm, LoginProblem } from './login-req.js'
import type { Notice } from './notice.js'
import { signInAddress } from './sign-in-address.js'
import { wordLoginNotice } from './word-login-notice.js'
import { wordLoginProblem } from './word-login-problem.js'
import { wordLoginRefusal } from './word-login-refusal.js'
import { wordWayOut } from './word-way-out.js'

export type LoginPageSettings = {
  revealAccountExistence: boolean
  /** Whether a recovery passkey is a way back here. */ offersPasskey: boolean
  /** Another service that signs people in; null for none. */ otherService: string | null
  /** Whether passkeys of Web Authentication sign in here. */ offersWebauthn: boolean
}

/** Words and HTML of the login page in all its states. It knows no HTTP and decides nothing. */
export class LoginPageCreator {
  readonly #view: View
  readonly #settings: LoginPageSettings
  #plainPage: string | undefined

  constructor(view: View, settings: LoginPageSettings) {
    this.#view = view
    this.#settings = settings
  }

  /** The page as it is first seen. */
  async buildLoginPage(
    redirectUrl: string,
    notice: LoginNotice | null = null,
    puzzle: Puzzle | null = null,
  ): Promise<string> {
    const username = notice?.kind === 'passwordReset' ? notice.typedName : ''
    const form = { username, redirectUrl, puzzle }
    if (notice !== null) return this.#build(form, { ...wordLoginNotice(notice), isNews: true })
    if (redirectUrl !== '' || puzzle !== null) return this.#build(form)
    // The same for everyone who was sent by no app, so it is made once.
    this.#plainPage ??= await this.#build(form)
    return this.#plainPage
  }

  /** The page with what is wrong beside each field. */
  buildLoginErrorPage(form: LoginForm, problems: readonly LoginProblem[]): Promise<string> {
    const messages = Object.fromEntries(problems.map((problem) => [problem.field, wordLoginProblem(problem)]))
    return this.#build(form, { heading: 'Please check what you entered', messages })
  }

  /** The page for a name or address that nobody here has. */
  buildUsernameNotFoundLoginPage(form: LoginForm, count: FailureCount): Promise<string> {
    return this.buildRefusedLoginPage(form, { ...count, kind: 'usernameNotFound' })
  }

  /** The page for a password that is not this account's. */
  buildIncorrectPasswordLoginPage(form: LoginForm, count: FailureCount): Promise<string> {
    return this.buildRefusedLoginPage(form, { ...count, kind: 'incorrectPassword' })
  }

  /** The page for whatever else stops somebody from signing in. */
  buildRefusedLoginPage(form: LoginForm, refusal: LoginRefusal): Promise<string> {
    const { revealAccountExistence, offersPasskey } = this.#settings
    const told = revealAccountExistence ? refusal : hideExistence(refusal)
    const words = wordLoginRefusal(told, form.username)
    return this.#build(form, { ...words, ...wordWayOut(told, offersPasskey, form.redirectUrl) })
  }

  #build(form: LoginForm, notice: Notice<LoginProblem['field']> | null = null): Promise<string> {
    const { offersWebauthn } = this.#settings
    return this.#view('sign-in/login', {
      title: notice === null ? 'Sign in' : `${notice.heading} – sign in`,
      notice,
      messages: notice?.messages ?? {},
      scripts: [...(offersWebauthn ? ['webauthn-offer.js'] : []), ...(form.puzzle?.scripts ?? [])],
      loginUrl: signInAddress('/login', form.redirectUrl),
      recoverUrl: signInAddress('/recover', form.redirectUrl),
      registerUrl: signInAddress('/register', form.redirectUrl),
      otherService: this.#settings.otherService,
      otherServiceUrl: signInAddress('/login/openid', form.redirectUrl),
      webauthnUrl: offersWebauthn ? signInAddress('/login/webauthn', form.redirectUrl) : null,
      ...form,
    })
  }
}
