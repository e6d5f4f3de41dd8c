import { busyWords } from './busy-words.js'
import type { SignInRefusal } from './sign-in-gate.js'
import { wordDuration } from './word-duration.js'

/** Says why a password was not looked at, or no longer counts, wherever one is asked for. */
export function wordRefusal(refusal: SignInRefusal | { kind: 'busy'; retryAfterSeconds: number }): {
  heading: string
  text: string
} {
  switch (refusal.kind) {
    case 'busy':
      return { heading: 'Just a moment, please', text: busyWords(refusal.retryAfterSeconds) }
    case 'coolingDown':
    case 'addressCoolingDown': {
      const whence =
        refusal.kind === 'addressCoolingDown' ? 'Too many sign-ins from your network have failed. ' : ''
      return {
        heading: 'Too many failed attempts',
        text:
          `${whence}You can try again in ${wordDuration(refusal.retryAfterSeconds)}, or at once on another browser ` +
          'where you have signed in before.',
      }
    }
    case 'locked':
      return {
        heading: 'This account is locked',
        text:
          'Too many attempts in a row have failed. Sign in on another browser where you have signed in before, or ' +
          'ask whoever runs this service to unlock the account.',
      }
  }
}
