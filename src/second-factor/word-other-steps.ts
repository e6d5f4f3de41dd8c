import { signInAddress } from '../sign-in/sign-in-address.js'
import { stepPaths, type StepName } from './second-step-method.js'

/** A way on from the page of one method to another; `isSending`: pressing it has something sent. */
export type OtherStep = { label: string; url: string; isSending: boolean }

/** What else may be shown at sign-in. */
export function wordOtherSteps(
  current: StepName,
  names: readonly StepName[],
  redirectUrl: string,
): OtherStep[] {
  return names
    .filter((name) => name !== current)
    .map((name) => {
      const isSending = name === 'emailCode'
      const path = isSending ? (`${stepPaths[name]}/send` as const) : stepPaths[name]
      return { label: labels[name], url: signInAddress(path, redirectUrl), isSending }
    })
}

const labels: { [name in StepName]: string } = {
  authenticatorCode: 'Use your authenticator app',
  emailCode: 'Have a code mailed to you',
  recoveryCode: 'Use a recovery code',
}
