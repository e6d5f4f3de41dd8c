/** What a browser says of a ceremony, over which the authenticator signs: Web Authentication, section 5.8.1. */
export type ClientData = {
  challenge: string
  /** Whether it took place in a frame of another site's page; Latchkey's cannot be framed. */
  isFramed: boolean
}

/**
 * Reads what has to be known before a signature is looked at.
 *
 * @param text in base64url
 * @returns null for what is nothing of the kind; nothing of it is proved yet
 */
export function readClientData(text: string): ClientData | null {
  try {
    const data: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof data !== 'object' || data === null || !('challenge' in data)) return null
    const { challenge } = data
    const isFramed = ('crossOrigin' in data && data.crossOrigin !== false) || 'topOrigin' in data
    return typeof challenge === 'string' ? { challenge, isFramed } : null
  } catch {
    return null
  }
}
