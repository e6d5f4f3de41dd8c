export type ReceivedLetter = {
  /** As the two servers talked about it, whatever its headers say. */
  envelope: { from: string; to: string[] }
  /** By name in lower case, decoded; a header that is there twice has its values one below the other. */
  headers: Map<string, string>
  /** Decoded, with `\n` between its lines. */
  text: string
  /** The same in HTML, decoded; empty when there is none. */
  html: string
  /** Whether it came through TLS, and who had logged in to send it. */
  isEncrypted: boolean
  user: string | null
}

/**
 * Reads a letter of plain text, or of the same in plain text and in HTML, as it came over the wire (RFC 5322, RFC 2045,
 * RFC 2046, RFC 2047).
 */
export function readLetter(raw: string): Pick<ReceivedLetter, 'headers' | 'text' | 'html'> {
  const { headers, text } = readPart(raw)
  const [, boundary] =
    /^multipart\/alternative;.*boundary="([^"]+)"/.exec(headers.get('content-type') ?? '') ?? []
  if (boundary === undefined) return { headers, text, html: '' }
  const parts = raw.split(`--${boundary}`).slice(1, -1)
  const [plain, html] = parts.map((part) => readPart(part.replace(/^\r\n/, '')))
  return { headers, text: plain?.text ?? '', html: html?.text ?? '' }
}

function readPart(raw: string): { headers: Map<string, string>; text: string } {
  const end = raw.indexOf('\r\n\r\n')
  const headers = new Map<string, string>()
  for (const line of raw
    .slice(0, end)
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    const before = headers.get(name.toLowerCase())
    headers.set(
      name.toLowerCase(),
      `${before === undefined ? '' : `${before}\n`}${decodeWords(asUtf8(value))}`,
    )
  }
  const body = raw.slice(end + 4)
  const text = decodeBody(body, headers.get('content-transfer-encoding') ?? '7bit')
  return { headers, text: text.replaceAll('\r\n', '\n') }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  if (encoding === 'quoted-printable') return decodeQuoted(body.replaceAll(/=\r\n/g, ''))
  return asUtf8(body)
}

function decodeWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(word, 'base64').toString()
        : decodeQuoted(word.replaceAll('_', ' ')),
    )
}

function decodeQuoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  )
  return asUtf8(bytes)
}

function asUtf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString()
}
