import { readFormField } from '../http/form-field.js'

const base64url = /^[\w-]+$/

/** Reads a field that holds bytes in base64url (RFC 4648, section 5, without padding); null for anything else. */
export function readBase64url(body: unknown, name: string): string | null {
  const field = readFormField(body, name)
  return field.kind === 'text' && base64url.test(field.text) ? field.text : null
}
