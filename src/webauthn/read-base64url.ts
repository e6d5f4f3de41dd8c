import { readFormField } from '../http/form-field.js'

const base64url = /^[\w-]+$/

/**
 * Reads a field that holds bytes in base64url (RFC 4648, section 5, without padding); null for anything else.
 *
 * @param mostBytes more is refused before anything takes it apart: CBOR of a few kB takes long
 */
export function readBase64url(body: unknown, name: string, mostBytes: number): string | null {
  const field = readFormField(body, name)
  if (field.kind !== 'text' || field.text.length > Math.ceil((mostBytes * 4) / 3)) return null
  return base64url.test(field.text) ? field.text : null
}
