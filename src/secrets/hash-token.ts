import { hash } from 'node:crypto'

/**
 * Makes what the database keeps of a token. One pass of SHA-256 is enough: 256 random bits cannot be guessed, unlike
 * a password.
 *
 * @param token as its bearer sent it
 * @returns SHA-256 of the characters of the token (not of the bytes they encode), 32 bytes
 */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
