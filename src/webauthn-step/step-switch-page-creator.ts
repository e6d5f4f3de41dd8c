import type { View } from '../http/view.js'
import { wordCodesLeft } from '../recovery-codes/word-codes-left.js'
import { wordFirstStep } from '../second-factor/word-first-step.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDay } from '../sign-in/word-day.js'
import { stepSwitchPath } from '../webauthn/credential-address.js'
import type { StepState } from './webauthn-step-keeper.js'

export type StepSwitchValues = {
  username: string
  hasPassword: boolean
  state: StepState
  isPasswordNeeded: boolean
}

/** Words and HTML of the page on which asking for a passkey after the password is turned on and off. */
export class StepSwitchPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** @param notice why it was not done; null for the page as it is first seen */
  buildSwitchPage(
    { state, hasPassword, ...values }: StepSwitchValues,
    notice: Notice<'currentPassword'> | null,
  ): Promise<string> {
    const title = hasPassword ? 'Passkey after the password' : 'Passkey as a second step'
    return this.#view('webauthn-step/switch', {
      title: notice === null ? title : `${notice.heading} – ${title.toLowerCase()}`,
      heading: title,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      ...wordFirstStep(hasPassword),
      ...values,
      hasCredentials: state.hasCredentials,
      since: state.since === null ? null : wordDay(state.since),
      codesLeft: wordCodesLeft(state.codesLeft),
      path: stepSwitchPath,
    })
  }
}
