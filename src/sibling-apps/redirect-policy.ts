import type { OriginPattern } from './origin-pattern.js'

const longestAddress = 4096
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unreadable = /[\u0000-\u001f\u007f-\u009f\ufffd]|\p{Surrogate}/u

/** Why a browser may not be sent to the address it asked for. */
export type RedirectRefusal = {
  address: string
  reason: 'notAllowed' | 'notAnAddress' | 'tooLong'
  /** What the operator would have to allow; null when the address is none. */
  origin: string | null
}

export type RedirectDecision =
  | { kind: 'allowed'; /** As it is sent: ASCII; absolute, or a path of Latchkey. */ url: string }
  | { kind: 'refused'; refusal: RedirectRefusal }

/**
 * Decides where a browser may be sent: a path of Latchkey itself, or an origin that the operator allowed.
 * The one place that knows this; login, register, logout and the gate in front of apps all ask here.
 * See the OWASP cheat sheet "Unvalidated Redirects and Forwards".
 */
export class RedirectPolicy {
  readonly #allowed: { readonly patterns: readonly OriginPattern[] }

  /** @param allowed asked anew at each decision, since the operator may change it at any time */
  constructor(allowed: { readonly patterns: readonly OriginPattern[] }) {
    this.#allowed = allowed
  }

  /**
   * @param address what the browser asked for
   * @param ownOrigin the origin at which the browser reached Latchkey
   * @returns the address to send, or why it is refused; never throws
   */
  decide(address: string, ownOrigin: string): RedirectDecision {
    if (address.length > longestAddress) return refuse(address, 'tooLong')
    const url = parseAddress(address, ownOrigin)
    if (url === null) return refuse(address, 'notAnAddress')
    // The parsed address is sent, never the text: browsers read `/.//evil` and `/\evil` in ways of their own.
    if (this.allows(url, ownOrigin)) return { kind: 'allowed', url: sendable(url, ownOrigin) }
    return refuse(address, 'notAllowed', url.origin)
  }

  /** Whether browsers may be sent to this origin at all, whatever the path. */
  allows(url: URL, ownOrigin: string): boolean {
    return this.#allowed.patterns.some((pattern) => pattern.matches(url)) || url.origin === ownOrigin
  }
}

function parseAddress(address: string, ownOrigin: string): URL | null {
  if (unreadable.test(address)) return null
  // Only `/path` and `http(s)://host`: no `//host`, no `/\host`, no `path`, no other scheme.
  if (!/^(?:\/(?![/\\])|https?:\/\/)/i.test(address) || !URL.canParse(address, ownOrigin)) return null
  const url = new URL(address, ownOrigin)
  if (url.username !== '' || url.password !== '') return null
  // Nobody needs `/.//host` of ours, and a proxy that shortens addresses to paths would make another site of it.
  return url.origin === ownOrigin && url.pathname.startsWith('//') ? null : url
}

/**
 * An own address goes without its origin, so that it leads on also where a proxy does not tell under which scheme and
 * port people know Latchkey. Its path does not begin with `//`, which browsers take for another site.
 */
function sendable(url: URL, ownOrigin: string): string {
  return url.origin === ownOrigin ? url.pathname + url.search + url.hash : url.href
}

function refuse(
  address: string,
  reason: RedirectRefusal['reason'],
  origin: string | null = null,
): RedirectDecision {
  return { kind: 'refused', refusal: { address, reason, origin } }
}
