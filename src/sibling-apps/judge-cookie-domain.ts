import { isIpHostname } from '../http/is-ip-hostname.js'
import { isPublicSuffix } from './is-public-suffix.js'

export type CookieDomainOutcome =
  | { kind: 'valid'; domain: string }
  | { kind: 'malformed' }
  | { kind: 'address' }
  | { kind: 'publicSuffix' }
  | { kind: 'notOurs'; hostname: string }

/**
 * Judges the domain that is to share the session cookie: browsers take it only for a domain that covers the host
 * that sets it, and nobody should give it to a domain whose names belong to strangers.
 *
 * @param text what the operator wrote; one leading dot means nothing (RFC 6265, section 5.2.3)
 * @param publicOrigin where Latchkey is reached
 */
export function judgeCookieDomain(text: string, publicOrigin: string): CookieDomainOutcome {
  const written = text.replace(/^\./, '').toLowerCase()
  const url = URL.canParse(`https://${written}/`) ? new URL(`https://${written}/`) : null
  // A usual port is dropped by `URL` without a word.
  const hasPort = /:\d*$/.test(written)
  if (url === null || hasPort || url.href !== `https://${url.hostname}/`) return { kind: 'malformed' }
  const domain = url.hostname
  if (isIpHostname(domain)) return { kind: 'address' }
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain)) return { kind: 'malformed' }
  if (isPublicSuffix(domain)) return { kind: 'publicSuffix' }
  const { hostname } = new URL(publicOrigin)
  const isOurs = hostname === domain || hostname.endsWith(`.${domain}`)
  return isOurs ? { kind: 'valid', domain } : { kind: 'notOurs', hostname }
}
