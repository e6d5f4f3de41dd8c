import { hash } from 'node:crypto'

/**
 * The hash of `hashToken` as text, to look a token up in memory; made in a quarter of the time that a Buffer takes.
 *
 * @returns 64 lower-case hexadecimal digits
 */
export function tokenKey(token: string): string {
  return hash('sha256', token, 'hex')
}
