import type { View } from '../http/view.js'
import { signInAddress } from './sign-in-address.js'

/** The page that asks whether to sign out. */
export class LogoutPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  buildLogoutPage(redirectUrl: string): Promise<string> {
    return this.#view('sign-in/logout', {
      title: 'Sign out?',
      logoutUrl: signInAddress('/logout', redirectUrl),
    })
  }
}
