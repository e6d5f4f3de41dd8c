import { parseAccountQuery } from '../accounts/parse-account-query.js'
import { hashToken } from '../secrets/hash-token.js'

/**
 * What stands for a name that may be nobody's: the same for all ways to write it. Hashed, as it may be a password that was
 * typed into the wrong field.
 */
export function hashName(typed: string): Buffer {
  const query = parseAccountQuery(typed)
  return hashToken(query === null ? typed : Object.values(query).join(''))
}
