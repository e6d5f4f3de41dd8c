import { randomBytes } from 'node:crypto'
import type { Argon2Parameters } from './argon2-parameters.js'

/**
 * Makes a hash that no password matches and that takes as long to verify as a real one with these parameters.
 * Nothing is hashed: salt (16 bytes) and digest (32 bytes) are random.
 *
 * @returns a PHC string
 */
export function createDecoyHash({ memoryKiB, iterations, parallelism }: Argon2Parameters): string {
  const cost = `m=${memoryKiB},t=${iterations},p=${parallelism}`
  return `$argon2id$v=19$${cost}$${randomBase64(16)}$${randomBase64(32)}`
}

function randomBase64(bytes: number): string {
  return randomBytes(bytes).toString('base64').replaceAll('=', '')
}
