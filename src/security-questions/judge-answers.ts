import { normaliseAnswer } from './normalise-answer.js'

/** In characters of the normal form; what is shorter is found by trying. */
const minimumLength = 3

/** In characters as typed. */
export const longestAnswer = 100

export type AnswerRefusal =
  | { kind: 'missing' }
  | { kind: 'tooShort'; minimum: number }
  | { kind: 'tooLong'; maximum: number }
  | { kind: 'sameAsAnother' }
  | { kind: 'inQuestion' }

/**
 * Judges answers that somebody wants to be asked for.
 *
 * @param chosen each question in words, and its answer as typed
 * @returns for each the first reason against it; null where there is none
 */
export function judgeAnswers(
  chosen: readonly { question: string; answer: string }[],
): (AnswerRefusal | null)[] {
  // What is too long is not even read: marks without end would keep everybody waiting.
  const normal = chosen.map(({ answer }) =>
    answer.length > 2 * longestAnswer ? '' : normaliseAnswer(answer),
  )
  return chosen.map(({ question, answer }, index) => {
    if (answer.trim() === '') return { kind: 'missing' }
    if (Array.from(answer).length > longestAnswer) return { kind: 'tooLong', maximum: longestAnswer }
    const own = normal[index] ?? ''
    if (lengthOf(own) < minimumLength) return { kind: 'tooShort', minimum: minimumLength }
    if (normal.indexOf(own) < index) return { kind: 'sameAsAnother' }
    return normaliseAnswer(question).includes(own) ? { kind: 'inQuestion' } : null
  })
}

/** One character of these scripts says what takes two or more elsewhere: 北京 is as hard to guess as a word. */
function lengthOf(normal: string): number {
  return Array.from(normal.replaceAll(/\p{Script=Han}|\p{Script=Hangul}/gu, '$&$&')).length
}
