import type { NewPasswordProblem } from './new-password-problem.js'

/** Says what is wrong with a new password or its repetition, and what to do. */
export function wordPasswordProblem(problem: NewPasswordProblem): string {
  switch (problem.field) {
    case 'password':
      return wordPassword(problem.refusal)
    case 'confirmPassword':
      return problem.refusal.kind === 'empty'
        ? 'Enter the password a second time.'
        : 'This differs from the password above. Enter the same one twice.'
  }
}

function wordPassword(refusal: Extract<NewPasswordProblem, { field: 'password' }>['refusal']): string {
  switch (refusal.kind) {
    case 'empty':
      return 'Choose a password.'
    case 'repeated':
      return 'More than one password was sent. Enter it once.'
    case 'unreadable':
      return 'This password holds a character that cannot be read. Choose another.'
    case 'tooShort':
      return `A password has at least ${refusal.minimum} characters.`
    case 'tooLong':
      return `A password has at most ${refusal.maximum} characters.`
    case 'common':
      return 'This password is among the first that anybody would try. Choose another.'
    case 'sameAsUsername':
      return 'A password that is hardly more than the username is easy to guess. Choose another.'
    case 'sameAsEmail':
      return 'A password that is hardly more than the e-mail address is easy to guess. Choose another.'
    case 'sameAsServiceName':
      return 'A password that is hardly more than the name of this service is easy to guess. Choose another.'
  }
}
