import { isPublicSuffix } from './is-public-suffix.js'

/**
 * An origin that the operator allows: exact (`https://app.example.com`) or all subdomains of a domain
 * (`https://*.example.com`, any depth, not `example.com` itself).
 */
export type OriginPattern = {
  /** As a Content-Security-Policy source; the syntax is the same. */
  readonly source: string
  readonly matches: (url: URL) => boolean
}

// URL lets a host hold `;` and `'`, which would end the source in the policy and begin another. For an IPv6 address
// the policy has no words at all: browsers would not go there after a form.
const plainHost = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/** Reads what the operator wrote; null when it is no origin of http or https, or `*` covers names that anybody can have. */
export function parseOriginPattern(text: string): OriginPattern | null {
  const wildcard = /^(https?:\/\/)\*\.(.+)$/i.exec(text)
  if (wildcard === null) return exactOrigin(text)
  const parent = parseOrigin(`${wildcard[1]}${wildcard[2]}`)
  if (parent === null || !parent.hostname.includes('.') || isPublicSuffix(parent.hostname)) return null
  // Read once: each asking makes a new text of it.
  const { protocol, port, host } = parent
  const ending = `.${parent.hostname}`
  return {
    source: `${protocol}//*.${host}`,
    matches: (url) => {
      const { hostname } = url
      return (
        url.protocol === protocol &&
        url.port === port &&
        hostname.endsWith(ending) &&
        plainHost.test(hostname)
      )
    },
  }
}

function exactOrigin(text: string): OriginPattern | null {
  const allowed = parseOrigin(text)
  if (allowed === null) return null
  const { origin } = allowed
  return { source: origin, matches: (url) => url.origin === origin }
}

function parseOrigin(text: string): URL | null {
  if (!/^https?:\/\/[^*\\]+$/i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.href === `${url.origin}/` && plainHost.test(url.hostname) ? url : null
}
