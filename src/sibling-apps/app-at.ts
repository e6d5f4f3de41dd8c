/** An app that a browser may be sent on to, and what people know it by. */
export type App = { url: string; name: string }

/**
 * @param url that was decided to be one to send browsers to
 * @returns null for a path of Latchkey itself
 */
export function appAt(url: string): App | null {
  return url.startsWith('/') ? null : { url, name: new URL(url).host }
}
