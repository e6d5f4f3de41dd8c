import { signInAddress } from '../sign-in/sign-in-address.js'
import type { StepPurpose } from './step-place.js'
import { wordTrust } from './word-trust.js'

/**
 * How the pages of the second step differ by what it is taken for.
 *
 * @param title of the page at sign-in
 * @param trustSeconds how long a browser may be trusted; 0 for not at all
 */
export function wordStepPurpose(
  purpose: StepPurpose,
  { title, redirectUrl, trustSeconds }: { title: string; redirectUrl: string; trustSeconds: number },
) {
  return purpose === 'signIn'
    ? {
        heading: title,
        button: 'Sign in',
        trust: trustSeconds > 0 ? wordTrust(trustSeconds) : null,
        loginUrl: signInAddress('/login', redirectUrl),
      }
    : {
        heading: 'Confirm that it is you',
        section: 'profile' as const,
        button: 'Confirm',
        // A browser is trusted by who signs in there.
        trust: null,
        loginUrl: null,
      }
}
