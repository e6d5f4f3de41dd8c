import type { View } from '../http/view.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { wordAssertionRefusal, type AssertionRefusal } from './assertion-refusal.js'

/** Words and HTML of the page on which somebody signs in with a passkey. */
export class WebauthnPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /**
   * @param options what its script asks the browser for; null where browsers have no passkeys
   * @param redirectUrl where the browser has asked to go; empty when it did not ask
   * @param refusal of the passkey that was just sent; null for the page as it is first seen
   */
  buildSignInPage(
    options: object | null,
    redirectUrl: string,
    refusal: AssertionRefusal | null,
  ): Promise<string> {
    const told = refusal ?? (options === null ? ({ kind: 'notHere' } as const) : null)
    const notice = told === null ? null : wordAssertionRefusal(told)
    const title = 'Sign in with a passkey'
    return this.#view('webauthn/sign-in', {
      title: notice === null ? title : `${notice.heading} – sign in with a passkey`,
      scripts: ['webauthn.js'],
      notice,
      options: options === null ? null : JSON.stringify(options),
      signInUrl: signInAddress('/login/webauthn', redirectUrl),
      loginUrl: signInAddress('/login', redirectUrl),
    })
  }
}
