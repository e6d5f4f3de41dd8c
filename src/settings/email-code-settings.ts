import type { EmailCodeRules } from '../email-codes/email-code-rules.js'
import type { Environment } from './environment.js'

/** OWASP ASVS 5.0, 6.5.5: codes that come another way than by an app are good for ten minutes at most. */
const longestSeconds = 600

/** Reads what mailed codes are like; complaints go to `environment`. */
export function readEmailCodeSettings(environment: Environment): EmailCodeRules {
  const rule = {
    digits: 8,
    validitySeconds: environment.integer('EMAIL_CODE_VALIDITY_SECONDS', {
      fallback: 600,
      min: 60,
      max: longestSeconds,
    }),
    tries: environment.integer('EMAIL_CODE_TRIES', { fallback: 5, min: 1, max: 100 }),
    perHour: environment.integer('EMAIL_CODES_PER_HOUR', { fallback: 5, min: 1, max: 1000 }),
  }
  return {
    confirmEmail: rule,
    recoverAccount: rule,
    signIn: {
      digits: 6,
      validitySeconds: environment.integer('EMAIL_OTP_VALIDITY_SECONDS', {
        fallback: 60,
        min: 10,
        max: longestSeconds,
      }),
      tries: rule.tries,
      perHour: environment.integer('EMAIL_OTPS_PER_HOUR', { fallback: 10, min: 1, max: 1000 }),
    },
  }
}
