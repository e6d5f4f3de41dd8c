import type { FailureCount, NextFailure } from './failure-count.js'
import { wordDuration } from './word-duration.js'

/**
 * Says which failed attempt in a row this was, and warns when one more has consequences.
 *
 * @param what was wrong
 */
export function wordFailures({ failures, limit, next }: FailureCount, what = 'password'): string {
  return `Attempt ${failures} of ${limit}.${wordWarning(next, what)}`
}

function wordWarning(next: NextFailure, what: string): string {
  switch (next.kind) {
    case 'count':
      return ''
    case 'cooldown':
      return ` One more wrong ${what} and you have to wait ${wordDuration(next.cooldownSeconds)}.`
    case 'lock':
      return ` One more wrong ${what} and this account is locked.`
  }
}
