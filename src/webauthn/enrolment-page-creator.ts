import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { wordAssertionRefusal } from './assertion-refusal.js'

/** Words and HTML of the page on which one adds a passkey. */
export class EnrolmentPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /**
   * @param options what its script asks the browser for; null where browsers have no passkeys
   * @param notice why the passkey was not taken; null for the page as it is first seen
   */
  buildCreationPage(options: object | null, notice: Notice<never> | null): Promise<string> {
    const said = options === null ? wordAssertionRefusal({ kind: 'notHere' }) : notice
    return this.#view('webauthn/enrolment', {
      title: said === null ? 'Add a passkey' : `${said.heading} – add a passkey`,
      section: 'profile',
      scripts: ['webauthn.js'],
      notice: said,
      options: options === null ? null : JSON.stringify(options),
    })
  }
}
