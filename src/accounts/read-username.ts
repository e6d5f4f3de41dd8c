import { readFormField } from '../http/form-field.js'
import { parseUsername } from './parse-username.js'
import type { UsernameOutcome } from './username-outcome.js'

/**
 * Reads the field `username` of somebody who wants it.
 *
 * @param body of a request, in whatever shape the client chose
 * @returns what was typed, to be shown again, and what it is
 */
export function readUsername(body: unknown): {
  typed: string
  outcome: UsernameOutcome | { kind: 'repeated' } | { kind: 'unreadable' }
} {
  const field = readFormField(body, 'username')
  if (field.kind === 'repeated' || field.kind === 'unreadable') return { typed: '', outcome: field }
  const typed = field.kind === 'text' ? field.text : ''
  return { typed, outcome: parseUsername(typed) }
}
