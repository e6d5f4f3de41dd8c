import { randomBytes } from 'node:crypto'

const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupLength = 4

/**
 * Makes a secret that people can write down and type: Crockford's base32, in which no two characters look alike.
 *
 * @param groups of four characters, 20 random bits each
 * @returns such as `7GK0-QX3M-…`
 */
export function createTypedCode(groups: number): string {
  // 32 symbols divide 256 values evenly, so each comes as often as the others.
  const code = Array.from(randomBytes(groups * groupLength), (byte) => symbols[byte % symbols.length]).join(
    '',
  )
  return code.replace(/.{4}(?=.)/g, '$&-')
}
