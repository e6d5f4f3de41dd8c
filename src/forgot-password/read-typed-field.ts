import { readFormField } from '../http/form-field.js'

/** In characters: no account has a longer name or e-mail address, and no proof is longer. */
const longestText = 254

export type TypedProblem = 'missing' | 'repeated' | 'unreadable' | 'tooLong'

/** One field: what was typed, without spaces around, or why it cannot be used. */
export type TypedField = { kind: 'text'; text: string } | { kind: 'invalid'; reason: TypedProblem }

/**
 * @param source a form, a query or a JSON body, of whatever shape the client chose
 * @param longest in characters
 */
export function readTypedField(source: unknown, name: string, longest = longestText): TypedField {
  const field = readFormField(source, name)
  if (field.kind !== 'text') return { kind: 'invalid', reason: field.kind }
  const text = field.text.trim()
  if (text === '') return { kind: 'invalid', reason: 'missing' }
  return Array.from(text).length > longest ? { kind: 'invalid', reason: 'tooLong' } : { kind: 'text', text }
}
