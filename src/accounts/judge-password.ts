import { foldLetters } from './fold-letters.js'
import type { PasswordOutcome } from './password-outcome.js'

const maximumLength = 256

/** What a password is held against. */
export type PasswordContext = {
  /** In code points, 8 to 64. */
  minimumLength: number
  username: string
  email?: string
  serviceName: string
  /** Whether the password is one that attackers try first, see `CommonPasswords`. */
  isCommon: (password: string) => boolean
}

/**
 * Judges a new password by length and by what an attacker would try first. There are no rules about the kinds of
 * characters (NIST SP 800-63B-4, section 3.1.1.2; OWASP ASVS 5.0, 6.2). The password itself is never changed:
 * what is hashed is what was typed.
 *
 * @param password exactly as typed, at any length
 * @returns valid, or the first reason against it
 */
export function judgePassword(password: string, context: PasswordContext): PasswordOutcome {
  const { minimumLength, username, email = '', serviceName, isCommon } = context
  if (/[\p{Cs}\uFFFD\0]/u.test(password)) return { kind: 'unreadable' }

  const length = Array.from(password).length
  if (length < minimumLength) return { kind: 'tooShort', minimum: minimumLength }
  if (length > maximumLength) return { kind: 'tooLong', maximum: maximumLength }

  const isDecorated = (name: string) => isDecoratedName(password, name, minimumLength)
  if (isDecorated(username)) return { kind: 'sameAsUsername' }
  if (isDecorated(email) || isDecorated(email.replace(/@.*$/s, ''))) return { kind: 'sameAsEmail' }
  if (isDecorated(serviceName)) return { kind: 'sameAsServiceName' }
  // Attackers try the known ones in other widths and with gaps, too.
  const plain = password.normalize('NFKC').replaceAll(/\s/gu, '')
  if (isCommon(password) || isCommon(plain)) return { kind: 'common' }
  return { kind: 'valid' }
}

/** Whether nothing but punctuation and a few digits is left of the password when the name is taken out of it. */
function isDecoratedName(password: string, name: string, minimumLength: number): boolean {
  const bareName = bare(name)
  const barePassword = bare(password)
  if (bareName === '' || !barePassword.includes(bareName)) return false
  const rest = barePassword.replaceAll(bareName, '')
  // As many digits as make a password by themselves are no decoration.
  return /^[0-9]*$/.test(rest) && rest.length < minimumLength
}

function bare(text: string): string {
  return foldLetters(text).replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '')
}
