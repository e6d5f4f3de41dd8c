import { wordDuration } from './word-duration.js'

/** Says in words that the queue of password hashes is full. */
export function busyWords(retryAfterSeconds: number): string {
  return `Many people are signing in at this moment. Please try again in ${wordDuration(retryAfterSeconds)}.`
}
