import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { wordAssertionRefusal } from './assertion-refusal.js'

/** Words and HTML of the pages on which one adds a passkey. */
export class EnrolmentPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** @param notice why the password was not taken; null for the page as it is first seen */
  buildPasswordPage(username: string, notice: Notice<'currentPassword'> | null): Promise<string> {
    return this.#build({ isPasswordNeeded: true, username, options: null }, notice)
  }

  /**
   * @param options what its script asks the browser for; null where browsers have no passkeys
   * @param notice why the passkey was not taken; null for the page as it is first seen
   */
  buildCreationPage(options: object | null, notice: Notice<'currentPassword'> | null): Promise<string> {
    return options === null
      ? this.#build({ isPasswordNeeded: false, options: null }, wordAssertionRefusal({ kind: 'notHere' }))
      : this.#build({ isPasswordNeeded: false, options: JSON.stringify(options) }, notice)
  }

  #build(values: object, notice: Notice<'currentPassword'> | null): Promise<string> {
    return this.#view('webauthn/enrolment', {
      title: notice === null ? 'Add a passkey' : `${notice.heading} – add a passkey`,
      section: 'profile',
      scripts: ['webauthn.js'],
      notice,
      messages: notice?.messages ?? {},
      ...values,
    })
  }
}
