import type { NewPasswordProblem } from '../accounts/new-password-problem.js'
import { wordPasswordHint } from '../accounts/word-password-hint.js'
import { wordPasswordProblem } from '../accounts/word-password-problem.js'
import type { View } from '../http/view.js'
import { busyWords } from '../sign-in/busy-words.js'
import type { Notice } from '../sign-in/notice.js'

export type PasswordForm = {
  username: string
  /** False for who came by another service and sets the first. */ hasPassword: boolean
  isPasswordNeeded: boolean
}

type Field = 'currentPassword' | 'password' | 'confirmPassword'

const change = { heading: 'Change your password', label: 'New password', button: 'Change password' }
const first = {
  heading: 'Set a password',
  text: 'You can then sign in with it, too.',
  label: 'Password',
  button: 'Set password',
}

/** Words and HTML of the page where people choose another password. */
export class PasswordPageCreator {
  readonly #view: View
  readonly #hint: string

  constructor(view: View, settings: { minimumPasswordLength: number }) {
    this.#view = view
    this.#hint = wordPasswordHint(settings.minimumPasswordLength)
  }

  buildPasswordPage(form: PasswordForm): Promise<string> {
    return this.#build(form)
  }

  /** The page with what is wrong with the new password beside its field. */
  buildPasswordErrorPage(form: PasswordForm, problems: readonly NewPasswordProblem[]): Promise<string> {
    const messages = Object.fromEntries(
      problems.map((problem) => [problem.field, wordPasswordProblem(problem)]),
    )
    return this.#build(form, { heading: 'Please check what you entered', messages })
  }

  /** The page when the old password is not right, or cannot be looked at now. */
  buildRefusedPasswordPage(form: PasswordForm, notice: Notice<Field>): Promise<string> {
    return this.#build(form, notice)
  }

  /** The page when so many passwords wait that this one has to wait too; nothing was changed. */
  buildBusyPasswordPage(form: PasswordForm, retryAfterSeconds: number): Promise<string> {
    return this.#build(form, { heading: 'Just a moment, please', text: busyWords(retryAfterSeconds) })
  }

  /** The page when another browser, or the operator, has changed the password at this very moment. */
  buildOvertakenPasswordPage(form: PasswordForm): Promise<string> {
    return this.#build(form, {
      heading: 'The password has just been changed elsewhere',
      text: 'Yours was not taken. If you do not know who changed it, choose another now.',
    })
  }

  #build({ hasPassword, ...form }: PasswordForm, notice: Notice<Field> | null = null): Promise<string> {
    const words = hasPassword ? change : first
    return this.#view('profile/password', {
      title: notice === null ? words.heading : `${notice.heading} – ${words.heading.toLowerCase()}`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      passwordHint: this.#hint,
      ...words,
      ...form,
    })
  }
}
