import type { LoginProblem } from './login-req.js'
import type { LoginRefusal } from './login-refusal.js'
import type { Notice } from './notice.js'
import { wordCaptcha } from './word-captcha.js'
import { wordFailures } from './word-failures.js'
import { wordRefusal } from './word-refusal.js'

/**
 * Says why somebody is not signed in, and what to do.
 *
 * @param typedName as whom
 */
export function wordLoginRefusal(refusal: LoginRefusal, typedName: string): Notice<LoginProblem['field']> {
  switch (refusal.kind) {
    case 'usernameNotFound':
      return {
        heading: `No account has this ${typedName.includes('@') ? 'e-mail address' : 'username'}`,
        messages: { username: 'Check the spelling, or create an account.' },
      }
    case 'incorrectPassword':
      return {
        heading: 'This password is not right',
        text: wordFailures(refusal),
        messages: { password: 'Enter the password of this account.' },
      }
    case 'incorrectCredentials':
      return {
        heading: 'The name or the password is not right',
        text: wordFailures(refusal),
        messages: { username: 'Check the name.', password: 'Enter the password again.' },
      }
    case 'passwordChanged':
      return {
        heading: 'The password of this account has just been changed',
        messages: { password: 'Enter the new password.' },
      }
    case 'captchaNeeded':
      return {
        heading: 'One more step, please',
        text: `${wordCaptcha(refusal.because)} Your password was not looked at.`,
        messages: { password: 'Enter your password again.' },
      }
    case 'busy':
    case 'coolingDown':
    case 'addressCoolingDown':
    case 'locked':
      return wordRefusal(refusal)
  }
}
