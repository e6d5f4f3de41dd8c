/** The headers of a proxy's question that decide who is let in. */
export type AskedHeaders = Record<
  | 'cookie'
  | 'x-forwarded-method'
  | 'x-forwarded-proto'
  | 'x-forwarded-host'
  | 'x-forwarded-uri'
  | 'x-original-method'
  | 'x-original-url',
  string | undefined
>

/** The same as Node has them in `headers`, where some that came more than once are a list. */
export type SentHeaders = { [name in keyof AskedHeaders]?: string | string[] | undefined }

/** Of a hundred lines, which neither browsers nor proxies send. Node's `headers` end at a thousand, its `rawHeaders` do not. */
const mostStrings = 200

/**
 * Picks these few out of what was sent. Node's own `headers`, made when they are first asked for, take four times as long,
 * and nobody else on the shortcut asks for them.
 *
 * @param raw names and values in turn, as Node has them in `rawHeaders`
 * @returns null when one came more than once, or far too many came: that is for the usual way to judge
 */
export function readAskedHeaders(raw: readonly string[]): AskedHeaders | null {
  if (raw.length > mostStrings) return null
  const asked: AskedHeaders = {
    cookie: undefined,
    'x-forwarded-method': undefined,
    'x-forwarded-proto': undefined,
    'x-forwarded-host': undefined,
    'x-forwarded-uri': undefined,
    'x-original-method': undefined,
    'x-original-url': undefined,
  }
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? ''
    switch (name) {
      case 'cookie':
      case 'x-forwarded-method':
      case 'x-forwarded-proto':
      case 'x-forwarded-host':
      case 'x-forwarded-uri':
      case 'x-original-method':
      case 'x-original-url':
        if (asked[name] !== undefined) return null
        asked[name] = raw[at + 1]
    }
  }
  return asked
}
