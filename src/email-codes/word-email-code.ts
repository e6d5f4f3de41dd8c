/** Writes the digits of a code as people read them best: more than six in two halves, `1234 5678`. */
export function wordEmailCode(digits: string): string {
  // Without a gap one double click takes all of it.
  if (digits.length <= 6) return digits
  const half = Math.ceil(digits.length / 2)
  return `${digits.slice(0, half)} ${digits.slice(half)}`
}
