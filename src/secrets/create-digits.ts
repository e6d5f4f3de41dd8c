import { randomInt } from 'node:crypto'

/**
 * Makes a code that people type. `randomInt` has no bias, as a remainder would have.
 *
 * @param count from 1 to 14
 * @returns so many decimal digits, leading zeros among them
 */
export function createDigits(count: number): string {
  return randomInt(10 ** count)
    .toString()
    .padStart(count, '0')
}
