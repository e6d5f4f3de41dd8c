import { wordEmailCodeProblem } from '../email-codes/word-email-code-problem.js'
import type { RefusedStep } from '../second-factor/shown-step.js'
import type { Notice } from '../sign-in/notice.js'
import { wordRefusal } from '../sign-in/word-refusal.js'
import type { MailedCodeRefusal } from './mailed-code-step.js'

/** What somebody is told whose address is another account's. */
export const addressTaken = {
  heading: 'This e-mail address is taken',
  text: 'Another account has it. Use another address, or sign in to that account.',
}

/** Says why a mailed code did not let somebody in, and what to do. */
export function wordCodeRefusal({
  refusal,
}: Pick<RefusedStep<MailedCodeRefusal>, 'refusal'>): Notice<'code'> {
  switch (refusal.kind) {
    case 'unreadable':
    case 'wrong':
    case 'expired':
      return { heading: 'This code was not taken', messages: { code: wordEmailCodeProblem(refusal) } }
    case 'emailUnavailable':
      return addressTaken
    case 'coolingDown':
    case 'addressCoolingDown':
    case 'locked':
      return wordRefusal(refusal)
  }
}
