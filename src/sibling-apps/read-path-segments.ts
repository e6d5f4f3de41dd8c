// Backslash, semicolon, doubled slash; the same encoded; a percent sign that is encoded twice or begins nothing.
const ambiguous = /[\\;]|\/\/|%(?:2f|5c|3b|25[0-9a-f]{2})|%(?![0-9a-f]{2})/i
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/

/**
 * Takes a path apart into decoded segments, as long as every app would read it the same way.
 *
 * @param path as it stood in the request line, without query
 * @returns the segments, a slash at the end left out; null for what two programs could read in two ways: dot segments,
 * encoded slashes, path parameters, bytes that are no UTF-8
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
  return segment !== null && segment !== '.' && segment !== '..' && !control.test(segment)
}
