import type { FailureCount, NextFailure } from './failure-count.js'
import { wordDuration } from './word-duration.js'

/**
 * Says which failed attempt in a row this was, and what comes next: a wait, or a lock.
 *
 * @param what was wrong
 */
export function wordFailures({ failures, limit, next }: FailureCount, what = 'password'): string {
  return `Attempt ${failures} of ${limit}.${wordWarning(next, limit, what)}`
}

function wordWarning(next: NextFailure, limit: number, what: string): string {
  switch (next.kind) {
    case 'count':
      return next.cooldown === null
        ? ` After ${limit} this account is locked.`
        : ` After ${next.cooldown.failures} you have to wait ${wordDuration(next.cooldown.seconds)}.`
    case 'cooldown':
      return ` One more wrong ${what} and you have to wait ${wordDuration(next.cooldownSeconds)}.`
    case 'lock':
      return ` One more wrong ${what} and this account is locked.`
  }
}
