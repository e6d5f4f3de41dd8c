import { randomBytes } from 'node:crypto'

/**
 * Makes a secret nobody can guess.
 *
 * @returns 256 random bits as 43 base64url characters (RFC 4648, section 5, without padding)
 */
export function createRandomToken(): string {
  return randomBytes(32).toString('base64url')
}
