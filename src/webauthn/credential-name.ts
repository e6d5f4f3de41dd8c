import { parseDisplayName, type DisplayNameOutcome } from '../accounts/parse-display-name.js'
import { readFormField } from '../http/form-field.js'

export type CredentialNameOutcome = DisplayNameOutcome | { kind: 'repeated' }

/** Reads the field `name`: what a passkey is called, by the rules of what people are called. */
export function readCredentialName(body: unknown): { typed: string; outcome: CredentialNameOutcome } {
  const field = readFormField(body, 'name')
  if (field.kind === 'repeated' || field.kind === 'unreadable') return { typed: '', outcome: field }
  const typed = field.kind === 'text' ? field.text : ''
  return { typed, outcome: parseDisplayName(typed) }
}

/** Says what is wrong with a name. */
export function wordCredentialName(outcome: Exclude<CredentialNameOutcome, { kind: 'valid' }>): string {
  switch (outcome.kind) {
    case 'empty':
      return 'Enter a name, such as that of the device.'
    case 'tooLong':
      return `A name has at most ${outcome.maximum} characters.`
    case 'unreadable':
      return 'This name holds a character that cannot be shown. Type it instead of pasting it.'
    case 'repeated':
      return 'The form held more than one name. Enter it once.'
  }
}
