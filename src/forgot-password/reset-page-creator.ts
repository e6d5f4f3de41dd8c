import type { NewPasswordProblem } from '../accounts/new-password-problem.js'
import { wordPasswordHint } from '../accounts/word-password-hint.js'
import { wordPasswordProblem } from '../accounts/word-password-problem.js'
import type { View } from '../http/view.js'
import { busyWords } from '../sign-in/busy-words.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { BeginForm } from './recover-request-parser.js'

/** `accountName` is the account's own name, `username` whatever was typed at the beginning. */
export type ResetForm = BeginForm & { accountName: string }

/** Words and HTML of the page for the new password. It knows no HTTP and decides nothing. */
export class ResetPageCreator {
  readonly #view: View
  readonly #losesPasskey: boolean
  readonly #passwordHint: string

  /** @param settings.losesPasskey whether there are recovery passkeys at all */
  constructor(view: View, settings: { minimumPasswordLength: number; losesPasskey: boolean }) {
    this.#view = view
    this.#losesPasskey = settings.losesPasskey
    this.#passwordHint = wordPasswordHint(settings.minimumPasswordLength)
  }

  /** The page as it is first seen. */
  buildResetPage(form: ResetForm): Promise<string> {
    return this.#build(form)
  }

  /** The page with what is wrong beside each field. */
  buildResetErrorPage(form: ResetForm, problems: readonly NewPasswordProblem[]): Promise<string> {
    const messages = Object.fromEntries(
      problems.map((problem) => [problem.field, wordPasswordProblem(problem)]),
    )
    return this.#build(form, { heading: 'Please check what you entered', messages })
  }

  /** The page when so many people sign in that this one has to wait; nothing was changed. */
  buildBusyPage(form: ResetForm, retryAfterSeconds: number): Promise<string> {
    return this.#build(form, { heading: 'Just a moment, please', text: busyWords(retryAfterSeconds) })
  }

  #build(form: ResetForm, notice: Notice<NewPasswordProblem['field']> | null = null): Promise<string> {
    return this.#view('forgot-password/reset', {
      title: notice === null ? 'Choose a new password' : `${notice.heading} – choose a new password`,
      notice,
      messages: notice?.messages ?? {},
      passwordHint: this.#passwordHint,
      losesPasskey: this.#losesPasskey,
      resetUrl: signInAddress('/recover/reset', form.redirectUrl),
      ...form,
    })
  }
}
