import type { RefusedStep } from '../second-factor/shown-step.js'
import type { Notice } from '../sign-in/notice.js'
import { wordRefusal } from '../sign-in/word-refusal.js'
import { wordOwnAssertionRefusal } from '../webauthn/word-own-assertion-refusal.js'
import type { WebauthnStepRefusal } from './webauthn-step.js'

/** Says why a passkey after the password did not let somebody in, and what to do. */
export function wordWebauthnStepRefusal({
  refusal,
}: Pick<RefusedStep<WebauthnStepRefusal>, 'refusal'>): Notice<never> {
  switch (refusal.kind) {
    case 'coolingDown':
    case 'addressCoolingDown':
    case 'locked':
      return wordRefusal(refusal)
    case 'unreadableAssertion':
    case 'challengeOver':
    case 'unknownCredential':
    case 'assertionRefused':
    case 'credentialCopied':
    case 'notHere':
      return wordOwnAssertionRefusal(refusal)
  }
}
