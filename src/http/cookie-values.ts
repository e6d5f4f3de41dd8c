/**
 * All values under `name` in a `Cookie` header, in the order in which they came. Browsers send one for each domain and
 * path that fit, and usual parsers keep the first without a word.
 *
 * @returns the values as they were sent, not decoded
 */
export function cookieValues(header: string | undefined, name: string): string[] {
  const values: string[] = []
  if (header === undefined) return values
  let start = 0
  while (start < header.length) {
    const semicolon = header.indexOf(';', start)
    const end = semicolon === -1 ? header.length : semicolon
    while (header[start] === ' ') start += 1
    if (header[start + name.length] === '=' && header.startsWith(name, start)) {
      values.push(header.slice(start + name.length + 1, end).trim())
    }
    start = end + 1
  }
  return values
}
