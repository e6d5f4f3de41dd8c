import { readFormField } from '../http/form-field.js'
import type { EmailOutcome } from './email-outcome.js'
import { parseEmail } from './parse-email.js'

/**
 * Reads the field `email`.
 *
 * @param body of a request, in whatever shape the client chose
 * @returns what was typed, to be shown again, and what it is
 */
export function readEmail(body: unknown): {
  typed: string
  outcome: EmailOutcome | { kind: 'repeated' } | { kind: 'unreadable' }
} {
  const field = readFormField(body, 'email')
  if (field.kind === 'repeated' || field.kind === 'unreadable') return { typed: '', outcome: field }
  const typed = field.kind === 'text' ? field.text : ''
  return { typed, outcome: parseEmail(typed) }
}
