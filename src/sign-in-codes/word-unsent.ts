import { secondsBetween } from '../attempts/seconds-between.js'
import type { Notice } from '../sign-in/notice.js'
import { wordDuration } from '../sign-in/word-duration.js'
import type { Unsent } from './mailed-sign-in.js'

/** Says why no new code was sent, and what to do. */
export function wordUnsent(unsent: Unsent, now: Date): Notice<never> {
  switch (unsent.kind) {
    case 'mailFailed':
      return {
        heading: 'The code could not be sent',
        text: 'The mail server is not taking letters at the moment. You need not begin again: wait a little, then send a new code.',
      }
    case 'mailRefused':
      return {
        heading: 'The code could not be sent',
        text: 'The mail server takes no letters for your address. Please tell whoever runs this service.',
      }
    case 'tooManyCodes': {
      const again = unsent.retryAt > now ? `in ${wordDuration(secondsBetween(now, unsent.retryAt))}` : 'now'
      return {
        heading: 'No further code for now',
        text: `Several have been sent to you, or to your network, already. You can ask for another ${again}.`,
      }
    }
  }
}
