import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'

/** Words and HTML of the form that makes a new recovery passkey. */
export class RegeneratePasskeyPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  buildRegeneratePage(form: { username: string; isPasswordNeeded: boolean }): Promise<string> {
    return this.#build(form, null)
  }

  /** The page when the password was not accepted. */
  buildRegenerateErrorPage(form: { username: string }, notice: Notice<'currentPassword'>): Promise<string> {
    return this.#build({ ...form, isPasswordNeeded: true }, notice)
  }

  #build(
    form: { username: string; isPasswordNeeded: boolean },
    notice: Notice<'currentPassword'> | null,
  ): Promise<string> {
    const title = 'New recovery passkey'
    return this.#view('recovery-passkey/regenerate', {
      title: notice === null ? title : `${notice.heading} – ${title.toLowerCase()}`,
      heading: title,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      ...form,
    })
  }
}
