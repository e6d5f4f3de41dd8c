import { signInAddress } from '../sign-in/sign-in-address.js'
import { stepPaths, type StepName } from './second-step-method.js'
import { stepPlace, type StepPurpose } from './step-place.js'

/** A way on from the page of one method to another; `isSending`: pressing it has something sent. */
export type OtherStep = { label: string; url: string; isSending: boolean }

/** What else may be shown instead. */
export function wordOtherSteps(
  purpose: StepPurpose,
  current: StepName,
  names: readonly StepName[],
  redirectUrl: string,
): OtherStep[] {
  return names
    .filter((name) => name !== current)
    .map((name) => {
      const isSending = name === 'emailCode'
      const path = isSending ? (`${stepPaths[name]}/send` as const) : stepPaths[name]
      const url = signInAddress(stepPlace(purpose, path), redirectUrl)
      return { label: labels[name], url, isSending }
    })
}

const labels: { [name in StepName]: string } = {
  passkey: 'Use a passkey',
  authenticatorCode: 'Use your authenticator app',
  emailCode: 'Have a code mailed to you',
  recoveryCode: 'Use a recovery code',
}
