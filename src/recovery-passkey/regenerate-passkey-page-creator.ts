import type { View } from '../http/view.js'
import type { App } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import { onwardAddress } from '../sign-in/onward-address.js'

/** `app` is where its owner goes afterwards. */
export type RegenerateForm = { username: string; app: App | null }

/** Words and HTML of the form that makes a new recovery passkey. */
export class RegeneratePasskeyPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  buildRegeneratePage(form: RegenerateForm & { isPasswordNeeded: boolean }): Promise<string> {
    return this.#build(form, null)
  }

  /** The page when the password was not accepted. */
  buildRegenerateErrorPage(form: RegenerateForm, notice: Notice<'currentPassword'>): Promise<string> {
    return this.#build({ ...form, isPasswordNeeded: true }, notice)
  }

  #build(
    { app, ...form }: RegenerateForm & { isPasswordNeeded: boolean },
    notice: Notice<'currentPassword'> | null,
  ): Promise<string> {
    const title = 'New recovery passkey'
    return this.#view('recovery-passkey/regenerate', {
      title: notice === null ? title : `${notice.heading} – ${title.toLowerCase()}`,
      heading: title,
      section: 'profile',
      notice,
      messages: notice?.messages ?? {},
      profileUrl: onwardAddress('/profile', app),
      regenerateUrl: onwardAddress('/profile/recovery-passkey', app),
      ...form,
    })
  }
}
