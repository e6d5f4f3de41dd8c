import type { View } from '../http/view.js'
import { stepPaths, type StepName } from '../second-factor/second-step-method.js'
import { stepPlace, type StepPurpose } from '../second-factor/step-place.js'
import { wordOtherSteps } from '../second-factor/word-other-steps.js'
import { wordStepPurpose } from '../second-factor/word-step-purpose.js'
import type { App } from '../sibling-apps/app-at.js'
import type { Notice } from '../sign-in/notice.js'
import { signInAddress } from '../sign-in/sign-in-address.js'
import { wordWebauthnStepRefusal } from './word-webauthn-step-refusal.js'

export type WebauthnStepForm = {
  purpose: StepPurpose
  /** Whose step it is. */ username: string
  redirectUrl: string
  /** Where the browser goes afterwards; null when it is a page of Latchkey. */ app: App | null
  isTrustWanted: boolean
  /** What may be shown here. */ methods: readonly StepName[]
}

/** HTML of the page that asks for a passkey after the password. */
export class WebauthnStepPageCreator {
  readonly #view: View
  readonly #trustSeconds: number

  /** @param trustSeconds how long a browser may be trusted; 0 for not at all */
  constructor(view: View, trustSeconds: number) {
    this.#view = view
    this.#trustSeconds = trustSeconds
  }

  /**
   * @param options what its script asks the browser for; null where browsers have no passkeys
   * @param refusal why the passkey was not taken; null for the page as it is first seen
   */
  buildStepPage(
    options: object | null,
    { purpose, redirectUrl, methods, ...form }: WebauthnStepForm,
    refusal: Notice<'code'> | null,
  ): Promise<string> {
    const trustSeconds = this.#trustSeconds
    const frame = wordStepPurpose(purpose, { title: 'Use your passkey', redirectUrl, trustSeconds })
    const notice = options === null ? wordWebauthnStepRefusal({ refusal: { kind: 'notHere' } }) : refusal
    return this.#view('webauthn-step/step', {
      title: notice === null ? frame.heading : `${notice.heading} – ${frame.heading.toLowerCase()}`,
      ...frame,
      scripts: ['webauthn.js'],
      notice,
      ...form,
      options: options === null ? null : JSON.stringify(options),
      others: wordOtherSteps(purpose, 'passkey', methods, redirectUrl),
      stepUrl: signInAddress(stepPlace(purpose, stepPaths.passkey), redirectUrl),
    })
  }
}
