import type { EmailOutcome } from './email-outcome.js'

export type EmailProblem =
  | Exclude<EmailOutcome, { kind: 'valid' }>
  | { kind: 'repeated' }
  | { kind: 'unreadable' }
  | { kind: 'alreadyConfirmed' }

/** Says what is wrong with an address that is to be an account's, and what to do. */
export function wordEmailProblem(problem: EmailProblem): string {
  switch (problem.kind) {
    case 'empty':
      return 'Enter an e-mail address.'
    case 'invalid':
    case 'unreadable':
      return 'This is not an e-mail address. Write it like name@example.com.'
    case 'repeated':
      return 'The form held more than one e-mail address. Enter it once.'
    case 'tooLong':
      return `An e-mail address has at most ${problem.maximum} characters.`
    case 'alreadyConfirmed':
      return 'This is your address already, and it is confirmed. Enter another to change it.'
  }
}
