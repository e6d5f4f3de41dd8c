import type { View } from '../http/view.js'
import { busyWords } from './busy-words.js'
import type { LoginForm, LoginProblem } from './login-req.js'
import type { Notice } from './notice.js'
import { signInAddress } from './sign-in-address.js'

/** Words and HTML of the login page in all its states. It knows no HTTP and decides nothing. */
export class LoginPageCreator {
  readonly #view: View
  readonly #revealAccountExistence: boolean
  #plainPage: string | undefined

  constructor(view: View, settings: { revealAccountExistence: boolean }) {
    this.#view = view
    this.#revealAccountExistence = settings.revealAccountExistence
  }

  /** The page as it is first seen. */
  async buildLoginPage(redirectUrl: string): Promise<string> {
    if (redirectUrl !== '') return this.#build({ username: '', redirectUrl })
    // The same for everyone who was sent by no app, so it is made once.
    this.#plainPage ??= await this.#build({ username: '', redirectUrl })
    return this.#plainPage
  }

  /** The page with what is wrong beside each field. */
  buildLoginErrorPage(form: LoginForm, problems: readonly LoginProblem[]): Promise<string> {
    const messages = Object.fromEntries(problems.map((problem) => [problem.field, wordProblem(problem)]))
    return this.#build(form, { heading: 'Please check what you entered', messages })
  }

  /** The page for a name or address that nobody here has. */
  buildUsernameNotFoundLoginPage(form: LoginForm): Promise<string> {
    if (!this.#revealAccountExistence) return this.#buildIncorrectCredentialsPage(form)
    return this.#build(form, {
      heading: `No account has this ${form.username.includes('@') ? 'e-mail address' : 'username'}`,
      messages: { username: 'Check the spelling, or create an account.' },
    })
  }

  /** The page for a password that is not this account's. */
  buildIncorrectPasswordLoginPage(form: LoginForm): Promise<string> {
    if (!this.#revealAccountExistence) return this.#buildIncorrectCredentialsPage(form)
    return this.#build(form, {
      heading: 'This password is not right',
      messages: { password: 'Enter the password of this account.' },
    })
  }

  /** The page when so many people sign in that this one has to wait; nothing was looked at. */
  buildBusyLoginPage(form: LoginForm, retryAfterSeconds: number): Promise<string> {
    return this.#build(form, { heading: 'Just a moment, please', text: busyWords(retryAfterSeconds) })
  }

  /** One page for both, to the letter, so that it tells nothing. */
  #buildIncorrectCredentialsPage(form: LoginForm): Promise<string> {
    return this.#build(form, {
      heading: 'The name or the password is not right',
      messages: { username: 'Check the name.', password: 'Enter the password again.' },
    })
  }

  #build(form: LoginForm, notice: Notice<LoginProblem['field']> | null = null): Promise<string> {
    return this.#view('sign-in/login', {
      title: notice === null ? 'Sign in' : `${notice.heading} – sign in`,
      notice,
      messages: notice?.messages ?? {},
      loginUrl: signInAddress('/login', form.redirectUrl),
      registerUrl: signInAddress('/register', form.redirectUrl),
      ...form,
    })
  }
}

function wordProblem({ field, reason }: LoginProblem): string {
  const name = field === 'username' ? 'username or e-mail address' : 'password'
  switch (reason) {
    case 'missing':
      return `Enter your ${name}.`
    case 'repeated':
      return `The form held more than one ${name}. Enter it once.`
    case 'unreadable':
      return `Your ${name} holds a character that cannot be read. Type it again.`
    case 'tooLong':
      return `Your ${name} is longer than any here can be. Check what was typed.`
  }
}
