import type { LoginProblem } from './login-req.js'

/** Says what is wrong with a field of the login form, and what to do. */
export function wordLoginProblem({ field, reason }: LoginProblem): string {
  const name = field === 'username' ? 'username or e-mail address' : 'password'
  switch (reason) {
    case 'missing':
      return `Enter your ${name}.`
    case 'repeated':
      return `More than one ${name} was sent. Enter it once.`
    case 'unreadable':
      return `Your ${name} holds a character that cannot be read. Type it again.`
    case 'tooLong':
      return `Your ${name} is longer than any here can be. Check what was typed.`
  }
}
