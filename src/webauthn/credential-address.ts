import { readFormField } from '../http/form-field.js'

/** Where somebody sees their passkeys. */
export const credentialsPath = '/profile/passkeys'
/** Where somebody has one asked for after the password. */
export const stepSwitchPath = '/profile/passkeys/second-step'

/** What these pages say after something was done; it comes by query, so only these sentences can. */
const sentences = {
  added: 'Your passkey works from now on. Give it a name that you will know it by.',
  renamed: 'The name is saved.',
  removed: 'That passkey no longer signs anybody in here. Delete it from its device too.',
  lastRemoved:
    'That passkey no longer signs anybody in here, and none is asked for after your password. Delete it from its device too.',
  stepOn: 'From now on a passkey is asked for after your password.',
  stepOff: 'No passkey is asked for after your password any more.',
} as const

const sentencesByName = new Map<string, string>(Object.entries(sentences))

/** The page of all passkeys, saying what was done. */
export function credentialsAddress(done: Exclude<keyof typeof sentences, 'added'>): string {
  return `${credentialsPath}?done=${done}`
}

/** The page of one passkey, saying what was done. */
export function credentialAddress(id: string, done: 'added'): string {
  return `${credentialsPath}/${id}?done=${done}`
}

/** Whether these pages have just said that a passkey was removed. */
export function wasRemoved(query: unknown): boolean {
  const done = wordDone(query)
  return done === sentences.removed || done === sentences.lastRemoved
}

/** The sentence that `done` in a query stands for; null for anything else. */
export function wordDone(query: unknown): string | null {
  const field = readFormField(query, 'done')
  return field.kind === 'text' ? (sentencesByName.get(field.text) ?? null) : null
}
