import type { View } from '../http/view.js'
import { wordFirstStep } from '../second-factor/word-first-step.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDay } from '../sign-in/word-day.js'

export type SignInCodeState = {
  username: string
  hasPassword: boolean
  /** Null when none is confirmed. */
  email: string | null
  /** Since when a code is asked for; null when it is not. */
  onSince: Date | null
  isRequired: boolean
  /** Whether something else is asked for in its place. */
  isReplaced: boolean
  isPasswordNeeded: boolean
}

/** Words and HTML of the page on which the code at sign-in is turned on and off. */
export class SignInCodePageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** @param notice why the password was not taken; null for the page as it is first seen */
  buildSignInCodePage(
    { hasPassword, ...state }: SignInCodeState,
    notice: Notice<'currentPassword'> | null,
  ): Promise<string> {
    return this.#view('profile/sign-in-code', {
      title: notice === null ? 'Code at sign-in' : `${notice.heading} – code at sign-in`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      ...wordFirstStep(hasPassword),
      ...state,
      onSince: state.onSince === null ? null : wordDay(state.onSince),
    })
  }
}
