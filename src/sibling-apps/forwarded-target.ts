import type { IncomingHttpHeaders } from 'node:http'
import { RecentlyUsed } from '../sessions/recently-used.js'

/** What somebody wants to open, as the proxy in front of it tells. */
export type ForwardedTarget = {
  kind: 'target'
  /** Scheme, host and port alone. */
  origin: URL
  method: string
  /** The path as the app will see it, dot segments and all. */
  path: string
  /** Empty, or with its question mark. */
  query: string
}

/** `problem` is a sentence for the operator. It holds no address, which may have secrets in its query. */
export type ForwardedTargetReading = ForwardedTarget | { kind: 'malformed'; problem: string }

// No user, no comma of a repeated header, no letters beyond ASCII: browsers send the xn-- form.
const hostPattern = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unreadable = /[\u0000- #\u007f]|[^\u0000-\u00ff]/
const highByte = /[\u0080-\u00ff]/
const highBytes = new RegExp(highByte, 'g')

/** A name of 253 characters (RFC 1035, section 3.1), a colon and a port. */
const longestHost = 259

/** Nearly all requests are for one of a few apps, and a URL costs more than all else that is read here. */
const knownOrigins = { http: new RecentlyUsed<URL>(256), https: new RecentlyUsed<URL>(256) }

/** Reads `X-Forwarded-Method`, `-Proto`, `-Host` and `-Uri`, as Traefik, Caddy and HAProxy send them. */
export function readForwardedTarget(headers: IncomingHttpHeaders): ForwardedTargetReading {
  const method = headers['x-forwarded-method']
  const scheme = headers['x-forwarded-proto']
  const host = headers['x-forwarded-host']
  const uri = headers['x-forwarded-uri']
  if (!isText(method)) return missing('X-Forwarded-Method')
  if (!isText(scheme)) return missing('X-Forwarded-Proto')
  if (!isText(host)) return missing('X-Forwarded-Host')
  if (!isText(uri)) return missing('X-Forwarded-Uri')
  return readTarget(method, scheme, host, uri, 'X-Forwarded')
}

/** Reads `X-Original-Method` and `X-Original-URL`, as nginx sends them. */
export function readOriginalTarget(headers: IncomingHttpHeaders): ForwardedTargetReading {
  const method = headers['x-original-method']
  const address = headers['x-original-url']
  if (!isText(method)) return missing('X-Original-Method')
  if (!isText(address)) return missing('X-Original-URL')
  const schemeEnd = address.indexOf('://')
  if (schemeEnd === -1)
    return malformed('X-Original-URL is not an address such as https://app.example.com/path.')
  const slash = address.indexOf('/', schemeEnd + 3)
  const hostEnd = slash === -1 ? address.length : slash
  const host = address.slice(schemeEnd + 3, hostEnd)
  return readTarget(method, address.slice(0, schemeEnd), host, address.slice(hostEnd) || '/', 'X-Original')
}

function readTarget(
  method: string,
  scheme: string,
  host: string,
  uri: string,
  family: 'X-Forwarded' | 'X-Original',
): ForwardedTargetReading {
  if (!/^[A-Z]+$/.test(method)) return malformed(`${family}-Method is not a method such as GET.`)
  const protocol = protocolOf(scheme)
  if (protocol === null) return malformed(`The scheme in the ${family} headers is not http or https.`)
  const origin = readOrigin(protocol, host)
  if (origin === null) return malformed(`The host in the ${family} headers is not one host.`)
  const isAbsolutePath = uri.startsWith('/') && uri[1] !== '/' && uri[1] !== '\\'
  if (!isAbsolutePath || unreadable.test(uri)) {
    return malformed(`The path in the ${family} headers does not begin with one slash, or cannot be read.`)
  }
  // The bytes that the app gets; parsed as they are they would count as Latin-1 and become others.
  const bytes = highByte.test(uri) ? uri.replace(highBytes, encodeByte) : uri
  const queryStart = bytes.indexOf('?')
  const path = queryStart === -1 ? bytes : bytes.slice(0, queryStart)
  // Browsers send none, and a `URL` makes slashes of them.
  if (path.includes('\\')) return malformed(`The path in the ${family} headers has a backslash.`)
  return { kind: 'target', origin, method, path, query: queryStart === -1 ? '' : bytes.slice(queryStart) }
}

/** A WebSocket begins as a request over http; Traefik names its scheme in `X-Forwarded-Proto` nevertheless. */
function protocolOf(scheme: string): 'http' | 'https' | null {
  switch (scheme) {
    case 'https':
    case 'wss':
      return 'https'
    case 'http':
    case 'ws':
      return 'http'
    default:
      return null
  }
}

/** The whole address, as a browser has it; only asked for when it is shown or sent somewhere. */
export function addressOf({ origin, path, query }: ForwardedTarget): string {
  return new URL(origin.origin + path + query).href
}

function readOrigin(protocol: 'http' | 'https', host: string): URL | null {
  const known = knownOrigins[protocol].get(host)
  if (known !== undefined) return known
  const text = `${protocol}://${host}`
  const origin = hostPattern.test(host) && URL.canParse(text) ? new URL(text) : null
  if (origin !== null && host.length <= longestHost) knownOrigins[protocol].set(host, origin)
  return origin
}

function isText(value: string | string[] | undefined): value is string {
  return typeof value === 'string' && value !== ''
}

function encodeByte(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase()}`
}

function missing(name: string): ForwardedTargetReading {
  return malformed(`The header ${name} is missing; the proxy has to send it.`)
}

function malformed(problem: string): ForwardedTargetReading {
  return { kind: 'malformed', problem }
}
