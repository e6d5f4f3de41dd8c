import type { View } from '../http/view.js'
import type { Notice } from '../sign-in/notice.js'
import { confirmAddress } from './confirm-address.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import type { ProofOffer } from './proof-way.js'

export type ConfirmState = {
  username: string
  hasPassword: boolean
  /** Whether more than the password is asked for. */ isStepDue: boolean
  /** Beside the password. */ offers: readonly ProofOffer[]
  redirectUrl: string
}

const over: Notice<never> = {
  heading: 'Please begin again',
  text: 'It took too long, or was begun somewhere else.',
  isNews: true,
}

/** Words and HTML of the page on which people prove again who they are. */
export class ConfirmPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  /** @param notice why the password was not taken, or that they have to begin again; null for the page as it is first seen */
  buildConfirmPage(
    { redirectUrl, ...state }: ConfirmState,
    notice: Notice<'currentPassword'> | 'over' | null,
  ): Promise<string> {
    const said: Notice<'currentPassword'> | null = notice === 'over' ? over : notice
    const title = 'Confirm that it is you'
    return this.#view('sudo-mode/confirm', {
      title: said === null ? title : `${said.heading} – ${title.toLowerCase()}`,
      section: 'profile',
      notice: said,
      messages: said?.messages ?? {},
      confirmUrl: confirmAddress(redirectUrl),
      recoverUrl: signInAddress('/recover', redirectUrl),
      ...state,
    })
  }
}
