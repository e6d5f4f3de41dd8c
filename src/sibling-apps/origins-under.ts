import type { OriginPattern } from './origin-pattern.js'

/**
 * The origins that get the session cookie of a domain: the domain itself and every host below it, on every port, as
 * cookies know no ports. Over https, and over http too when Latchkey itself is reached over http.
 *
 * @param domain as `judgeCookieDomain` gave it
 */
export function originsUnder(domain: string, publicOrigin: string): OriginPattern[] {
  const schemes = publicOrigin.startsWith('http:') ? ['http:', 'https:'] : ['https:']
  const ending = `.${domain}`
  return schemes.flatMap((scheme) => [
    {
      source: `${scheme}//*.${domain}:*`,
      matches: (url: URL) => url.protocol === scheme && url.hostname.endsWith(ending),
    },
    {
      source: `${scheme}//${domain}:*`,
      matches: (url: URL) => url.protocol === scheme && url.hostname === domain,
    },
  ])
}
