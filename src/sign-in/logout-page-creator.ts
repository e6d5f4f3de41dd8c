import type { View } from '../http/view.js'
import { signInAddress } from './sign-in-address.js'

/** The page that asks whether to sign out. */
export class LogoutPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** @param destination where the browser goes from here, signed out or not */
  buildLogoutPage({ address, url }: { address: string; url: string }): Promise<string> {
    return this.#view('sign-in/logout', {
      title: 'Sign out?',
      logoutUrl: signInAddress('/logout', address),
      stayUrl: url,
    })
  }
}
