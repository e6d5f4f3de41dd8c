import type { Notice } from '../sign-in/notice.js'
import { wordFailures } from '../sign-in/word-failures.js'
import { wordRefusal } from '../sign-in/word-refusal.js'
import type { SudoRefusal } from './sudo-outcome.js'

/** Says at the top of a form, and beside its password field, why it was not accepted. */
export function wordSudoRefusal(refusal: SudoRefusal): Notice<'currentPassword'> {
  switch (refusal.kind) {
    case 'passwordNeeded':
      return {
        heading: 'Please enter your password',
        messages: { currentPassword: 'Enter the password of this account.' },
      }
    case 'incorrectPassword':
      return {
        heading: 'This password is not right',
        text: wordFailures(refusal),
        messages: { currentPassword: 'Enter the password of this account.' },
      }
    case 'coolingDown':
    case 'addressCoolingDown':
    case 'locked':
    case 'busy':
      return wordRefusal(refusal)
  }
}
