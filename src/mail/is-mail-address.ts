const part = String.raw`[^\s\p{C}<>()[\]\\,;:"@]+`
const address = new RegExp(`^${part}@${part}$`, 'u')

/**
 * Tells whether a text can only be read as one address. Rules for the addresses of accounts are stricter; this is what
 * keeps `x@y.z\r\nBcc: …`, lists, comments and quotes out of letters, whoever words them.
 */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && address.test(text)
}
