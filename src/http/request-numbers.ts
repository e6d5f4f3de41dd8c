import { randomBytes } from 'node:crypto'

/**
 * Makes the numbers under which the log has requests, such as `k3f9x2q1-1z`: which run of which node it was, and the
 * how-manieth request of it. They are no secret, and short enough to be read out.
 */
export function createRequestNumbers(): () => string {
  const run = randomBytes(5).readUIntBE(0, 5).toString(36).padStart(8, '0')
  let count = 0
  return () => `${run}-${(++count).toString(36)}`
}
