import type { FailureCount, NextFailure } from './failure-count.js'
import { wordDuration } from './word-duration.js'

/** Says which failed attempt in a row this was, and warns when one more has consequences. */
export function wordFailures({ failures, limit, next }: FailureCount): string {
  return `Attempt ${failures} of ${limit}.${wordWarning(next)}`
}

function wordWarning(next: NextFailure): string {
  switch (next.kind) {
    case 'count':
      return ''
    case 'cooldown':
      return ` One more wrong password and you have to wait ${wordDuration(next.cooldownSeconds)}.`
    case 'lock':
      return ' One more wrong password and this account is locked.'
  }
}
