import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'

export type EmailRemovalForm = { username: string; email: string; isPasswordNeeded: boolean }

export type EmailRemovalSettings = {
  /** Whether a forgotten password can be replaced by means of a mailed code. */ recoversByEmail: boolean
  /** Whether signing in asks for a mailed code: who has turned it on, or everybody. */
  emailOtp: 'off' | 'optional' | 'required'
}

/** Words and HTML of the page that asks whether an e-mail address is to go. */
export class EmailRemovalPageCreator {
  readonly #view: View
  readonly #settings: EmailRemovalSettings

  constructor(view: View, settings: EmailRemovalSettings) {
    this.#view = view
    this.#settings = settings
  }

  buildEmailRemovalPage(form: EmailRemovalForm): Promise<string> {
    return this.#build(form)
  }

  /** The page when the password is not right, or cannot be looked at now. */
  buildRefusedEmailRemovalPage(form: EmailRemovalForm, notice: Notice<'currentPassword'>): Promise<string> {
    return this.#build(form, notice)
  }

  #build(form: EmailRemovalForm, notice: Notice<'currentPassword'> | null = null): Promise<string> {
    return this.#view('profile/email-removal', {
      title:
        notice === null ? 'Remove your e-mail address?' : `${notice.heading} – remove your e-mail address`,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      ...this.#settings,
      ...form,
    })
  }
}
