import { wordPasswordProblem } from '../accounts/word-password-problem.js'
import type { RegisterProblem } from './register-req.js'

/** Says what is wrong with what somebody wants as username, password or e-mail address, and what to do. */
export function wordRegisterProblem(problem: RegisterProblem): string {
  switch (problem.field) {
    case 'username':
      return wordUsername(problem.refusal)
    case 'password':
    case 'confirmPassword':
      return wordPasswordProblem(problem)
    case 'email':
      return wordEmail(problem.refusal)
  }
}

function wordUsername(refusal: Extract<RegisterProblem, { field: 'username' }>['refusal']): string {
  switch (refusal.kind) {
    case 'empty':
      return 'Choose a username.'
    case 'repeated':
      return 'More than one username was sent. Enter it once.'
    case 'unreadable':
      return 'This username holds a character that cannot be read. Type it again.'
    case 'tooShort':
      return `A username has at least ${refusal.minimum} characters.`
    case 'tooLong':
      return `A username has at most ${refusal.maximum} characters.`
    case 'forbiddenCharacter':
      return wordForbiddenCharacter(refusal.character)
    case 'misplacedPunctuation':
      return 'Put dots, hyphens and underscores between letters or digits, one at a time.'
    case 'misplacedDigit':
      return 'In this script a username cannot begin with a digit.'
    case 'misplacedMark':
      return 'An accent or vowel sign in this username stands where its script has none.'
    case 'mixedScripts':
      return 'Use letters of one script only; letters of different scripts can look the same.'
    case 'looksLikeAnotherScript':
      return 'This name could be taken for one in Latin letters. Choose another.'
  }
}

function wordForbiddenCharacter(character: string): string {
  if (character === '@') return 'A username has no @. There is a field for your e-mail address below.'
  if (/\s/.test(character)) return 'A username has no spaces. Use a dot, a hyphen or an underscore instead.'
  if (/\p{Default_Ignorable_Code_Point}/u.test(character)) {
    return 'This username holds an invisible character. Type it instead of pasting it.'
  }
  return `The character ${character} cannot be used. Use letters, digits, dots, hyphens and underscores.`
}

function wordEmail(refusal: Extract<RegisterProblem, { field: 'email' }>['refusal']): string {
  switch (refusal.kind) {
    case 'empty':
    case 'invalid':
    case 'unreadable':
      return 'This is not an e-mail address. Write it like name@example.com, or leave it out.'
    case 'repeated':
      return 'More than one e-mail address was sent. Enter it once.'
    case 'tooLong':
      return `An e-mail address has at most ${refusal.maximum} characters.`
  }
}
