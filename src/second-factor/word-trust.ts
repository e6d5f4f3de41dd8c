import { wordDuration } from '../sign-in/word-duration.js'

/** Says for how long a browser may be trusted. */
export function wordTrust(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  return days >= 2 ? `${days} days` : wordDuration(seconds)
}
