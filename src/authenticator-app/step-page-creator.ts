import type { View } from '../http/view.js'
import type { StepName } from '../second-factor/second-step-method.js'
import { stepPaths } from '../second-factor/second-step-method.js'
import { stepPlace, type StepPurpose } from '../second-factor/step-place.js'
import { wordOtherSteps } from '../second-factor/word-other-steps.js'
import { wordStepPurpose } from '../second-factor/word-step-purpose.js'
import type { App } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'

export type StepForm = {
  purpose: StepPurpose
  /** Whose step it is. */ username: string
  redirectUrl: string
  /** Where the browser goes afterwards; null when it is a page of Latchkey. */ app: App | null
  isTrustWanted: boolean
  /** What may be shown here. */ methods: readonly StepName[]
}

/** What a page asks for. */
export type StepWords = {
  title: string
  text: string
  field: { label: string; hint: string; autocomplete: string; inputmode?: string }
}

export const authenticatorWords: StepWords = {
  title: 'Enter the code of your app',
  text: 'Open the authenticator app on your phone.',
  field: {
    label: 'Code from the app',
    hint: 'Six digits, new every half minute.',
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
  },
}

export const recoveryCodeWords: StepWords = {
  title: 'Enter a recovery code',
  text: 'One of those that you were shown in your profile, for when your phone or your passkeys are lost. Each works once.',
  field: { label: 'Recovery code', hint: '24 letters and digits.', autocomplete: 'off' },
}

/** HTML of the pages that ask for a code of the app, or for what stands in for it. */
export class StepPageCreator {
  readonly #view: View
  readonly #trustSeconds: number

  /** @param trustSeconds how long a browser may be trusted; 0 for not at all */
  constructor(view: View, trustSeconds: number) {
    this.#view = view
    this.#trustSeconds = trustSeconds
  }

  /** @param notice why what was typed was not taken; null for the page as it is first seen */
  buildStepPage(
    name: StepName,
    { title, ...words }: StepWords,
    { purpose, redirectUrl, methods, ...form }: StepForm,
    notice: Notice<'code'> | null,
  ): Promise<string> {
    const trustSeconds = this.#trustSeconds
    const frame = wordStepPurpose(purpose, { title, redirectUrl, trustSeconds })
    return this.#view('authenticator-app/step', {
      title: notice === null ? frame.heading : `${notice.heading} – ${frame.heading.toLowerCase()}`,
      ...frame,
      notice,
      messages: notice?.messages ?? {},
      ...words,
      ...form,
      others: wordOtherSteps(purpose, name, methods, redirectUrl),
      stepUrl: signInAddress(stepPlace(purpose, stepPaths[name]), redirectUrl),
    })
  }
}
