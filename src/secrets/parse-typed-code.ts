const longestText = 200
const symbolsOnly = /^[0-9A-HJKMNP-TV-Z]+$/

/**
 * Reads a code of `createTypedCode` as people write it: in any case, with any separators or none, O for 0, and I or L
 * for 1, as Crockford's base32 allows.
 *
 * @param groups how many groups of four characters the code has
 * @returns the characters alone, in the form to be hashed; null when the text cannot be such a code
 */
export function parseTypedCode(text: string, groups: number): string | null {
  if (text.length > longestText) return null
  const code = text
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  return code.length === groups * 4 && symbolsOnly.test(code) ? code : null
}
