/** What a form or a query holds under a name: exactly one readable text, or why not. */
export type FormField =
  | { kind: 'text'; text: string }
  | { kind: 'missing' }
  | { kind: 'repeated' }
  | { kind: 'unreadable' }

// NUL ends in a database error; U+FFFD stands for bytes that were no UTF-8, so that different bytes look the same.
const unreadable = /[\0\ufffd]|\p{Surrogate}/u

/**
 * Reads one field of a parsed form or query. Repeated fields arrive as arrays and are refused, never joined or picked.
 *
 * @param source `request.body` or `request.query`, of whatever shape the client chose
 */
export function readFormField(source: unknown, name: string): FormField {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name))
    return { kind: 'missing' }
  const value: unknown = Reflect.get(source, name)
  if (typeof value !== 'string') return { kind: 'repeated' }
  if (unreadable.test(value)) return { kind: 'unreadable' }
  return value === '' ? { kind: 'missing' } : { kind: 'text', text: value }
}

/** Whether a box was ticked: its field is `yes`, once. */
export function isTicked(source: unknown, name: string): boolean {
  const field = readFormField(source, name)
  return field.kind === 'text' && field.text === 'yes'
}
