import type { NewPasswordProblem } from '../accounts/new-password-problem.js'
import { wordPasswordHint } from '../accounts/word-password-hint.js'
import { wordPasswordProblem } from '../accounts/word-password-problem.js'
import type { View } from '../http/view.js'
import { busyWords } from '../sign-in/busy-words.js'
import type { Notice } from '../sign-in/notice.js'

export type PasswordForm = { username: string; isPasswordNeeded: boolean }

type Field = 'currentPassword' | 'password' | 'confirmPassword'

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

  #build(form: PasswordForm, notice: Notice<Field> | null = null): Promise<string> {
    return this.#view('profile/password', {
      title: notice === null ? 'Change your password' : `${notice.heading} – change your password`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      passwordHint: this.#hint,
      ...form,
    })
  }
}
