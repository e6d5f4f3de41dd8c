import type { Notice } from '../sign-in/notice.js'
import { wordDuration } from '../sign-in/word-duration.js'
import type { BeginOutcome } from '../recovery/recovery-keeper.js'

/**
 * Says why a recovery does not begin, and what to do.
 *
 * @param typedName whose it was to be
 */
export function wordBeginRefusal(
  refusal: Exclude<BeginOutcome, { kind: 'begun' }>,
  typedName: string,
): Notice<'username'> {
  switch (refusal.kind) {
    case 'usernameNotFound':
      return {
        heading: `No account has this ${typedName.includes('@') ? 'e-mail address' : 'username'}`,
        messages: { username: 'Check the spelling, or create an account.' },
      }
    case 'addressCoolingDown':
      return {
        heading: 'Too many attempts',
        text: `Too many people on your network have begun this. You can try again in ${wordDuration(refusal.retryAfterSeconds)}.`,
      }
  }
}
