import { isMailAddress } from './is-mail-address.js'
import type { MailAddress } from './letter.js'

/**
 * Reads `login@example.com` or `Example Login <login@example.com>`, the name with or without quotation marks.
 *
 * @returns null when it is neither
 */
export function parseSender(text: string): MailAddress | null {
  const [, quoted, plain, address = text] = /^(?:"([^"\\]+)"|([^"<>]*?))\s*<([^<>]*)>$/.exec(text) ?? []
  if (!isMailAddress(address)) return null
  const name = quoted ?? plain ?? ''
  if (name === '') return { address }
  return /\p{C}/u.test(name) ? null : { address, name }
}
