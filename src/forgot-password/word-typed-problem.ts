import type { TypedProblem } from './read-typed-field.js'

/**
 * Says what is wrong with a field of a recovery form.
 *
 * @param what is asked for, such as "recovery passkey"
 */
export function wordTypedProblem(what: string, reason: TypedProblem): string {
  switch (reason) {
    case 'missing':
      return `Enter your ${what}.`
    case 'repeated':
      return `More than one ${what} was sent. Enter it once.`
    case 'unreadable':
      return `Your ${what} holds a character that cannot be read. Type it again.`
    case 'tooLong':
      return `Your ${what} is longer than any can be. Check what was typed.`
  }
}
