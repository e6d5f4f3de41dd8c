import type { RefusedStep } from '../second-factor/shown-step.js'
import type { Notice } from '../sign-in/notice.js'
import { wordRefusal } from '../sign-in/word-refusal.js'
import { wordAssertionRefusal } from '../webauthn/assertion-refusal.js'
import type { WebauthnStepRefusal } from './webauthn-step.js'

/** Says why a passkey after the password did not let somebody in, and what to do. */
export function wordWebauthnStepRefusal({
  refusal,
}: Pick<RefusedStep<WebauthnStepRefusal>, 'refusal'>): Notice<never> {
  switch (refusal.kind) {
    case 'unreadableAssertion':
    case 'assertionRefused':
      return {
        ...wordAssertionRefusal(refusal),
        text: 'What your browser sent could not be verified. Please try again.',
      }
    case 'unknownCredential':
      return {
        heading: 'This is no passkey of this account',
        text: 'It may have been removed, or is for another account. Use another one.',
      }
    case 'notHere':
      return {
        ...wordAssertionRefusal(refusal),
        text: 'Browsers use them on https pages only. Please open this service at its proper address.',
      }
    case 'challengeOver':
      return wordAssertionRefusal(refusal)
    case 'credentialCopied':
      return {
        ...wordAssertionRefusal(refusal),
        text: 'Its device has signed fewer times than we know of. Try once more. If it stays so, sign in with something else, and remove this passkey in your profile.',
      }
    case 'coolingDown':
    case 'addressCoolingDown':
    case 'locked':
      return wordRefusal(refusal)
  }
}
