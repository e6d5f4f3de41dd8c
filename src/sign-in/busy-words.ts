/** Says in words that the queue of password hashes is full. */
export function busyWords(retryAfterSeconds: number): string {
  const wait = retryAfterSeconds === 1 ? 'a second' : `${retryAfterSeconds} seconds`
  return `Many people are signing in at this moment. Please try again in ${wait}.`
}
