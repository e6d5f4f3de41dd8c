import type { View } from '../http/view.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { setOutPaths } from './set-out-paths.js'

/** Words and HTML of the page that sends people without a password to show that it is them. */
export class ConfirmPageCreator {
  readonly #view: View
  readonly #name: string

  /** @param settings.name of the other service; empty for none */
  constructor(view: View, settings: { name: string }) {
    this.#view = view
    this.#name = settings.name
  }

  /** @param canAsk whether the other service knows them */
  buildConfirmPage(redirectUrl: string, canAsk: boolean): Promise<string> {
    return this.#view('openid-sign-in/confirm', {
      title: 'Confirm that it is you',
      section: 'profile',
      name: this.#name,
      askUrl: canAsk ? signInAddress(setOutPaths.prove, redirectUrl) : null,
    })
  }
}
