import { longestAnswer } from './judge-answers.js'
import { normaliseAnswer } from './normalise-answer.js'

/** Whether this can be an answer at all: something of it is left in the form that is compared. */
export function isReadableAnswer(typed: string): boolean {
  // What is too long is not even read, see `judgeAnswers`.
  return typed.length <= 2 * longestAnswer && normaliseAnswer(typed) !== ''
}
