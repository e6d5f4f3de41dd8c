import { wordEmailCodeProblem } from '../email-codes/word-email-code-problem.js'
import type { Notice } from '../sign-in/notice.js'
import { wordRefusal } from '../sign-in/word-refusal.js'
import type { CodeOutcome } from './second-step-keeper.js'

export type CodeRefusal = Exclude<CodeOutcome, { kind: 'right' }>

/** The HTTP status of each refusal. */
export const codeStatuses: { [kind in CodeRefusal['kind']]: number } = {
  unreadable: 400,
  wrong: 401,
  expired: 401,
  emailUnavailable: 409,
  locked: 403,
  coolingDown: 429,
  addressCoolingDown: 429,
}

/** What somebody is told whose address is another account's. */
export const addressTaken = {
  heading: 'This e-mail address is taken',
  text: 'Another account has it. Use another address, or sign in to that account.',
}

/** Says why a code did not let somebody in, and what to do. */
export function wordCodeRefusal(refusal: CodeRefusal): Notice<'code'> {
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
