import type { FailureCount } from '../sign-in/failure-count.js'
import type { Notice } from '../sign-in/notice.js'
import { wordFailures } from '../sign-in/word-failures.js'

/**
 * Says that a code at sign-in was not taken.
 *
 * @param problem what stands beside its field
 * @param count which failure in a row it was; null when it was none
 */
export function wordWrongCode(problem: string, count: FailureCount | null): Notice<'code'> {
  const text = count === null ? {} : { text: wordFailures(count, 'code') }
  return { heading: 'This code was not taken', ...text, messages: { code: problem } }
}
