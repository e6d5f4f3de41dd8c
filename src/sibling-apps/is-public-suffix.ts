import { createRequire } from 'node:module'
import type { parse as parseDomain } from 'tldts'

/**
 * Tells whether anybody may register names below `domain` (`com`, `co.uk`, `github.io`), by the public suffix list.
 * The list costs 6 MB and 6 ms, so it is loaded at the first question: most installations never ask.
 */
export function isPublicSuffix(domain: string): boolean {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what require gives has no type of its own
  const { parse } = createRequire(import.meta.url)('tldts') as { parse: typeof parseDomain }
  return parse(domain, { allowPrivateDomains: true }).domain === null
}
