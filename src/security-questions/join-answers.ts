import { normaliseAnswer } from './normalise-answer.js'

/**
 * The one text that is hashed for all answers together: checked one by one, each could be guessed by itself.
 *
 * @param answers as typed, in the order of their questions
 */
export function joinAnswers(answers: readonly string[]): string {
  // A line break is no letter, so no other answers come to the same text.
  return answers.map(normaliseAnswer).join('\n')
}
