// A doubled slash, a percent sign that begins nothing.
const ambiguous = /\/\/|%(?![0-9a-f]{2})/i
// In a segment that is decoded already: what ends or divides it for some programs, also after decoding once more.
const divided = /[/\\;?#]|%[0-9a-f]{2}/i
// Dot segments; and Windows drops dots and spaces at the end of a name, and takes what follows two colons for a stream.
const dotOrWindowsEnding = /[. ]$|::/
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/

/**
 * Takes a path apart into decoded segments, as long as every app would read it the same way.
 *
 * @param path as it stood in the request line, without query
 * @returns the segments, a slash at the end left out; null for what two programs could read in two ways: dot segments,
 * encoded slashes and question marks, path parameters, what is encoded twice, bytes that are no UTF-8
 */
export function readPathSegments(path: string): string[] | null {
  if (!path.startsWith('/') || ambiguous.test(path)) return null
  const segments = path.slice(1).split('/').map(decode)
  if (segments.at(-1) === '') segments.pop()
  return segments.every(isReadable) ? segments : null
}

function decode(segment: string): string | null {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}

function isReadable(segment: string | null): segment is string {
  if (segment === null) return false
  // Full-width forms count as what they look like, since some programs fold them.
  const folded = segment.normalize('NFKC')
  return ![control, divided, dotOrWindowsEnding].some((pattern) => pattern.test(folded))
}
