import type { View } from '../http/view.js'
import type { LoginNotice } from './login-notice.js'
import type { LoginForm, LoginProblem } from './login-req.js'
import type { Notice } from './notice.js'
import { signInAddress } from './sign-in-address.js'
import type { SignInRefusal } from './sign-in-gate.js'
import { wordLoginNotice } from './word-login-notice.js'
import { wordFailures, wordRefusal } from './word-refusal.js'

/** Which failed attempt in a row this was, of how many that lock the account. */
type Count = { failures: number; limit: number }

export type LoginPageSettings = {
  revealAccountExistence: boolean
  /** Ways back for those who have forgotten their password: whether there are any, and the recovery passkey among them. */
  recovery: { isOffered: boolean; offersPasskey: boolean }
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
  async buildLoginPage(redirectUrl: string, notice: LoginNotice | null = null): Promise<string> {
    const form = { username: '', redirectUrl }
    if (notice !== null) return this.#build(form, { ...wordLoginNotice(notice), isNews: true })
    if (redirectUrl !== '') return this.#build(form)
    // The same for everyone who was sent by no app, so it is made once.
    this.#plainPage ??= await this.#build(form)
    return this.#plainPage
  }

  /** The page with what is wrong beside each field. */
  buildLoginErrorPage(form: LoginForm, problems: readonly LoginProblem[]): Promise<string> {
    const messages = Object.fromEntries(problems.map((problem) => [problem.field, wordProblem(problem)]))
    return this.#build(form, { heading: 'Please check what you entered', messages })
  }

  /** The page for a name or address that nobody here has. */
  buildUsernameNotFoundLoginPage(form: LoginForm, count: Count): Promise<string> {
    if (!this.#settings.revealAccountExistence) return this.#buildIncorrectCredentialsPage(form, count)
    return this.#build(form, {
      heading: `No account has this ${form.username.includes('@') ? 'e-mail address' : 'username'}`,
      messages: { username: 'Check the spelling, or create an account.' },
    })
  }

  /** The page for a password that is not this account's. */
  buildIncorrectPasswordLoginPage(form: LoginForm, count: Count): Promise<string> {
    if (!this.#settings.revealAccountExistence) return this.#buildIncorrectCredentialsPage(form, count)
    return this.#build(form, {
      heading: 'This password is not right',
      text: wordFailures(count),
      messages: { password: 'Enter the password of this account.' },
    })
  }

  /** The page when the password that was entered was replaced by another at that very moment. */
  buildPasswordChangedLoginPage(form: LoginForm): Promise<string> {
    return this.#build(form, {
      heading: 'The password of this account has just been changed',
      messages: { password: 'Enter the new password.' },
    })
  }

  /** The page when so many people sign in that this one has to wait; nothing was looked at. */
  buildBusyLoginPage(form: LoginForm, retryAfterSeconds: number): Promise<string> {
    return this.#build(form, wordRefusal({ kind: 'busy', retryAfterSeconds }))
  }

  /** The page after too many failures in a row, by anybody who used this name or by anybody at this address. */
  buildCooldownLoginPage(
    form: LoginForm,
    refusal: Extract<SignInRefusal, { retryAfterSeconds: number }>,
  ): Promise<string> {
    return this.#build(form, { ...wordRefusal(refusal), ...this.#wayOut('Set a new password', form) })
  }

  /** The page of an account that is locked for browsers it does not know, and of a name that nobody has. */
  buildLockedLoginPage(form: LoginForm): Promise<string> {
    const label = this.#settings.recovery.offersPasskey
      ? 'Use your recovery passkey to unlock it'
      : 'Set a new password, which unlocks it'
    return this.#build(form, { ...wordRefusal({ kind: 'locked' }), ...this.#wayOut(label, form) })
  }

  /** Where there are ways back. */
  #wayOut(label: string, { redirectUrl }: LoginForm): Pick<Notice<never>, 'link'> {
    if (!this.#settings.recovery.isOffered) return {}
    return { link: { label, url: signInAddress('/recover', redirectUrl) } }
  }

  /** One page for both, to the letter, so that it tells nothing. */
  #buildIncorrectCredentialsPage(form: LoginForm, count: Count): Promise<string> {
    return this.#build(form, {
      heading: 'The name or the password is not right',
      text: wordFailures(count),
      messages: { username: 'Check the name.', password: 'Enter the password again.' },
    })
  }

  #build(form: LoginForm, notice: Notice<LoginProblem['field']> | null = null): Promise<string> {
    return this.#view('sign-in/login', {
      title: notice === null ? 'Sign in' : `${notice.heading} – sign in`,
      notice,
      messages: notice?.messages ?? {},
      loginUrl: signInAddress('/login', form.redirectUrl),
      recoverUrl: this.#settings.recovery.isOffered ? signInAddress('/recover', form.redirectUrl) : null,
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
