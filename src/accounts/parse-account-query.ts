import type { AccountQuery } from './account-store.js'
import { canonicalUsername } from './canonical-username.js'
import { parseEmail } from './parse-email.js'

/**
 * Reads how somebody names an account: by its username, or by its e-mail address.
 *
 * @param typed what was typed, at any length
 * @returns how to look for it; null for what can be nobody's name
 */
export function parseAccountQuery(typed: string): AccountQuery | null {
  if (typed.includes('@')) {
    const email = parseEmail(typed)
    return email.kind === 'valid' ? { canonicalEmail: email.canonical } : null
  }
  const canonical = canonicalUsername(typed)
  return canonical === null ? null : { canonicalUsername: canonical }
}
