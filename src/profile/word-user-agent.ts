const unknown = 'an unknown browser'

const shortNames: Partial<Record<string, string>> = {
  'Microsoft Edge': 'Edge',
  'Samsung Internet for Android': 'Samsung Internet',
}

/**
 * Says which browser on which system a `User-Agent` header names, such as "Firefox on Windows".
 *
 * @param userAgent as it was sent, or null; anybody may have written anything into it
 */
export async function wordUserAgent(userAgent: string | null): Promise<string> {
  if (userAgent === null || userAgent === '') return unknown
  // Read when it is first needed: a web process that shows no such page does without its tables.
  const { parse, BROWSER_MAP, OS_MAP } = await import('bowser')
  const { browser, os, platform } = parse(userAgent)
  // What it does not know it names by the header's own words: a stranger could write into somebody's list of events.
  const known = Object.values(BROWSER_MAP).find((name) => name === browser.name && name !== 'Generic')
  const system = Object.values(OS_MAP).find((name) => name === os.name)
  const browserWords = known === undefined ? unknown : (shortNames[known] ?? known)
  if (system === undefined) return browserWords
  const isNamedDevice = platform.model === 'iPhone' || platform.model === 'iPad'
  return `${browserWords} on ${isNamedDevice ? `an ${platform.model}` : system}`
}
