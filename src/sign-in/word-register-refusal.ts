import type { CaptchaRefusal } from './human-check.js'
import type { Notice } from './notice.js'
import type { RegisterProblem } from './register-req.js'
import { wordCaptcha } from './word-captcha.js'

/** Why somebody who wants an account is not signed in to it. */
export type RegisterRefusal =
  | { kind: 'usernameUnavailable' | 'emailUnavailable' | 'accountChanged' }
  | CaptchaRefusal

/** Says why, and what to do. */
export function wordRegisterRefusal(refusal: RegisterRefusal): Notice<RegisterProblem['field']> {
  switch (refusal.kind) {
    case 'captchaNeeded':
      return {
        heading: 'One more step, please',
        text: `${wordCaptcha(refusal.because)} No account was made yet.`,
        messages: { password: 'Enter the password again.' },
      }
    case 'usernameUnavailable':
      return {
        heading: 'This username is taken',
        messages: {
          username:
            'Somebody has or had it, or one that looks like it. Choose another, or sign in if it is yours.',
        },
      }
    case 'emailUnavailable':
      return {
        heading: 'This e-mail address is taken',
        messages: {
          email:
            'An account has it already. Sign in to that one, or leave this field empty; an address that is yours can be ' +
            'confirmed in the profile, even if somebody else has given it without confirming it.',
        },
      }
    case 'accountChanged':
      return {
        heading: 'Your account was made, but has just been changed',
        text: 'Whoever runs this service did so at this very moment. Sign in to go on.',
      }
  }
}
