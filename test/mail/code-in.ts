import type { ReceivedLetter } from './received-letter.js'

/** The code in a letter, as it is written there, such as `1234 5678`, or `123456` at sign-in. */
export function codeIn({ text }: Pick<ReceivedLetter, 'text'>): string {
  const [code] = /\b\d{3,4} \d{3,4}\b|\b\d{6}\b/.exec(text) ?? []
  if (code === undefined) throw new Error(`there is no code in: ${text}`)
  return code
}
