import type { RedeemOutcome } from './redeem-outcome.js'

/** What stands beside the field of a code that was not taken. */
export function wordEmailCodeProblem(outcome: Exclude<RedeemOutcome, { kind: 'right' }>): string {
  switch (outcome.kind) {
    case 'unreadable':
      return `The code has ${outcome.digits} digits. Type them as they stand in the mail.`
    case 'wrong':
      if (outcome.triesLeft === 0) return 'This code is wrong, and that was the last try. Ask for a new code.'
      return `This code is wrong. You can try ${count(outcome.triesLeft)} more. Only the newest code counts.`
    case 'expired':
      return 'This code no longer counts. Ask for a new code.'
  }
}

function count(times: number): string {
  return times === 1 ? 'once' : `${times} times`
}
