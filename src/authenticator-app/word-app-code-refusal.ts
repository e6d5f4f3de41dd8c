import type { RefusedStep } from '../second-factor/shown-step.js'
import { wordWrongCode } from '../second-factor/word-wrong-code.js'
import type { Notice } from '../sign-in/notice.js'
import { wordRefusal } from '../sign-in/word-refusal.js'
import type { AppCodeRefusal } from './authenticator-step.js'

/** What stands beside the field of a code of the app that was not taken. */
export const appCodeProblems: { [kind in AppCodeRefusal['kind']]: string } = {
  unreadable: 'The code has 6 digits. Type those that your app shows now.',
  wrong:
    'This code is not right. Type the one that your app shows now; if that does not help, have your phone set its clock by itself.',
  used: 'This code has been used. Wait for the next one, which your app shows within half a minute.',
}

/** Says why a code of the app did not let somebody in, and what to do. */
export function wordAppCodeRefusal({ refusal, count }: RefusedStep<AppCodeRefusal>): Notice<'code'> {
  switch (refusal.kind) {
    case 'unreadable':
    case 'wrong':
    case 'used':
      return wordWrongCode(appCodeProblems[refusal.kind], count)
    case 'coolingDown':
    case 'addressCoolingDown':
    case 'locked':
      return wordRefusal(refusal)
  }
}
