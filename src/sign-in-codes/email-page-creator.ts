import { wordEmailProblem, type EmailProblem } from '../accounts/word-email-problem.js'
import type { View } from '../http/view.js'
import { stepPlace, type StepPurpose } from '../second-factor/step-place.js'
import { wordStepPurpose } from '../second-factor/word-step-purpose.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { addressTaken } from './word-code-refusal.js'

export type EmailForm = {
  purpose: StepPurpose
  username: string
  /** As it was typed, or as the account has it. */ email: string
  redirectUrl: string
}

/** Words and HTML of the page that asks for an e-mail address that codes can go to. */
export class EmailPageCreator {
  readonly #view: View

  constructor(view: View) {
    this.#view = view
  }

  buildEmailPage(form: EmailForm): Promise<string> {
    return this.#build(form, null)
  }

  /** The page with what is wrong beside the field. */
  buildEmailErrorPage(form: EmailForm, problem: EmailProblem): Promise<string> {
    const messages = { email: wordEmailProblem(problem) }
    return this.#build(form, { heading: 'Please check what you entered', messages })
  }

  /** The page for an address that another account has. */
  buildEmailTakenPage(form: EmailForm): Promise<string> {
    return this.#build(form, { ...addressTaken, messages: { email: 'Enter another address.' } })
  }

  #build({ purpose, redirectUrl, ...form }: EmailForm, notice: Notice<'email'> | null): Promise<string> {
    const title = 'Your e-mail address'
    const frame = wordStepPurpose(purpose, { title, redirectUrl, trustSeconds: 0 })
    return this.#view('sign-in-codes/email', {
      title: notice === null ? title : `${notice.heading} – ${title.toLowerCase()}`,
      notice,
      messages: notice?.messages ?? {},
      emailUrl: signInAddress(stepPlace(purpose, '/login/email'), redirectUrl),
      ...frame,
      deed: purpose === 'signIn' ? 'sign in here' : 'go on',
      ...form,
    })
  }
}
