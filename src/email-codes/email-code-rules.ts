import type { EmailCodePurpose } from './email-code-purpose.js'

export type EmailCodeRule = {
  digits: number
  validitySeconds: number
  /** How often a wrong code may be typed before the right one counts no more. */
  tries: number
  /** How many codes each of `askSubjects` may have sent within an hour. */
  perHour: number
}

export type EmailCodeRules = Record<EmailCodePurpose, EmailCodeRule>
