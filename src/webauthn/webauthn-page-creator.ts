import type { View } from '../http/view.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { confirmAddress } from '../sudo-mode/confirm-address.js'
import { wordAssertionRefusal, type AssertionRefusal } from './assertion-refusal.js'
import { wordOwnAssertionRefusal, type OwnAssertionRefusal } from './word-own-assertion-refusal.js'

/** Words and HTML of the pages on which somebody signs in with a passkey, or proves again who they are. */
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

  /**
   * @param options see `buildSignInPage`
   * @param redirectUrl where the browser goes afterwards
   * @param proofUrl where its answer goes
   * @param refusal see `buildSignInPage`
   */
  buildProofPage(
    options: object | null,
    redirectUrl: string,
    proofUrl: string,
    refusal: OwnAssertionRefusal | null,
  ): Promise<string> {
    const told = refusal ?? (options === null ? ({ kind: 'notHere' } as const) : null)
    const notice = told === null ? null : wordOwnAssertionRefusal(told)
    const title = 'Confirm that it is you'
    return this.#view('webauthn/proof', {
      title: notice === null ? title : `${notice.heading} – ${title.toLowerCase()}`,
      section: 'profile',
      scripts: ['webauthn.js'],
      notice,
      options: options === null ? null : JSON.stringify(options),
      proofUrl,
      confirmUrl: confirmAddress(redirectUrl),
    })
  }
}
