import type { Notice } from '../sign-in/notice.js'
import { busyWords } from '../sign-in/busy-words.js'
import { wordDuration } from '../sign-in/word-duration.js'
import type { ProveOutcome } from './recovery-keeper.js'
import type { ProofMethod } from './recovery-method.js'

/** A proof that was not taken and may be tried again. */
export type ProofRefusal = Exclude<ProveOutcome, { kind: 'proved' } | { kind: 'over' }>

const words: { [method in ProofMethod]: { wrong: string; advice: string; shape: string } } = {
  passkey: {
    wrong: 'This recovery passkey is not right',
    advice: 'Compare it with what you have saved. Only the newest one counts.',
    shape: 'A recovery passkey has 24 letters and digits, in six groups of four.',
  },
  email: {
    wrong: 'This code is not right, or no longer counts',
    advice:
      'Only the code of the newest mail counts, and only for some minutes. You can have a new one sent.',
    shape: 'The code has 8 digits. Type them as they stand in the mail.',
  },
  questions: {
    wrong: 'At least one of these answers is not right',
    advice: 'Answer all three once more.',
    shape: 'An answer has letters or digits.',
  },
  code: {
    wrong: 'This code is not right, or no longer counts',
    advice:
      'Compare it with what you were given. A code can be used once; whoever gave it to you can give you another.',
    shape: 'A reset code has 24 letters and digits, in six groups of four.',
  },
}

/** Says at the top of a form, and beside its field, why a proof was not taken. */
export function wordProofRefusal(method: ProofMethod, refusal: ProofRefusal): Notice<'proof'> {
  const { wrong, advice, shape } = words[method]
  switch (refusal.kind) {
    case 'unreadable':
      return { heading: 'Please check what you entered', messages: { proof: shape } }
    case 'wrong':
      return {
        heading: wrong,
        text: `Attempt ${refusal.failures} of ${refusal.limit}.`,
        messages: { proof: advice },
      }
    case 'coolingDown':
      return {
        heading: 'Too many failed attempts',
        text: `You can try this again in ${wordDuration(refusal.retryAfterSeconds)}. Other ways are open until then.`,
      }
    case 'addressCoolingDown':
      return {
        heading: 'Too many failed attempts',
        text: `Too many attempts from your network have failed. You can try again in ${wordDuration(refusal.retryAfterSeconds)}.`,
      }
    case 'busy':
      return { heading: 'Just a moment, please', text: busyWords(refusal.retryAfterSeconds) }
  }
}
