/**
 * Reads a code as people type and paste it: with spaces, dashes or dots anywhere, digits of full width too.
 *
 * @returns its digits; null when there are not exactly `digits`, or when there is anything else
 */
export function parseDigits(typed: string, digits: number): string | null {
  // Nobody types so much; normalising it would cost.
  if (typed.length > 64) return null
  const code = typed.normalize('NFKC').replace(/[\s\p{Cf}\p{Pd}._]/gu, '')
  return /^[0-9]+$/.test(code) && code.length === digits ? code : null
}
