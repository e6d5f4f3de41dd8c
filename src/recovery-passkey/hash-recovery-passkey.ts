import { hashToken } from '../secrets/hash-token.js'
import { parseTypedCode } from '../secrets/parse-typed-code.js'

/**
 * Groups of four characters in a recovery passkey. They hold 120 random bits: from 112 on one pass of SHA-256 is
 * enough (OWASP ASVS 5.0, 6.5.2).
 */
export const passkeyGroups = 6

/**
 * Makes what the database keeps of a recovery passkey.
 *
 * @param typed in any case and with any separators
 * @returns SHA-256, 32 bytes; null when it cannot be a recovery passkey
 */
export function hashRecoveryPasskey(typed: string): Buffer | null {
  const code = parseTypedCode(typed, passkeyGroups)
  return code === null ? null : hashToken(code)
}
