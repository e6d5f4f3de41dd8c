import { parseUsername } from './parse-username.js'

/**
 * The form in which usernames are compared and looked up, for sign-in.
 *
 * @param typed what was typed, at any length
 * @returns the canonical form, or null if no account can have this name
 */
export function canonicalUsername(typed: string): string | null {
  const outcome = parseUsername(typed)
  return outcome.kind === 'valid' ? outcome.canonical : null
}
