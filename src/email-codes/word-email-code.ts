/** Writes the digits of a code as people read them best, in two halves: `1234 5678`. */
export function wordEmailCode(digits: string): string {
  const half = Math.ceil(digits.length / 2)
  return `${digits.slice(0, half)} ${digits.slice(half)}`
}
