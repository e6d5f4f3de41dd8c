import type { EmailOutcome } from './email-outcome.js'

const maximumLength = 254
const maximumLocalPartLength = 64

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const htmlEmailAddress = new RegExp(`^[a-z0-9.!#$%&'*+/=?^_\`{|}~-]+@${label}(?:\\.${label})*$`, 'i')

/**
 * Judges an e-mail address by the grammar of `<input type=email>` (HTML Living Standard), which leaves no room
 * for line breaks, comments, quotes or letters outside ASCII. Lengths follow RFC 5321 (254, local part 64).
 *
 * @param typed what was typed, at any length; white space around it is dropped
 * @returns the address as typed and its canonical form, or why it is none
 */
export function parseEmail(typed: string): EmailOutcome {
  const email = typed.trim()
  if (email === '') return { kind: 'empty' }
  if (email.length > maximumLength) return { kind: 'tooLong', maximum: maximumLength }
  if (!htmlEmailAddress.test(email)) return { kind: 'invalid' }
  if (email.indexOf('@') > maximumLocalPartLength) return { kind: 'invalid' }

  // RFC 5321 lets Anna@ and anna@ be two people; no provider does, and two accounts for one mailbox would differ.
  return { kind: 'valid', email, canonical: email.toLowerCase() }
}
