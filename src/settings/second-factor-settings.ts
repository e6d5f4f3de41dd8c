import type { Environment } from './environment.js'

const modes = ['off', 'optional', 'required'] as const

/** Reads what signing in asks for beside the password; complaints go to `environment`. */
export function readSecondFactorSettings(environment: Environment) {
  return {
    emailOtp: environment.choice('EMAIL_OTP', modes, 'off'),
    /** Whether people may have their authenticator app asked for. */
    authenticatorApp: environment.choice('AUTHENTICATOR_APP', ['on', 'off'], 'on') === 'on',
    /** How long after the password the code may come, with as many codes as it takes. */
    validitySeconds: environment.integer('SECOND_STEP_VALIDITY_SECONDS', {
      fallback: 900,
      min: 60,
      max: 86_400,
    }),
    /** How long a browser may be trusted; 0 where none is. */
    trustSeconds: environment.integer('TRUSTED_DEVICE_SECONDS', {
      fallback: 30 * 24 * 3600,
      min: 0,
      max: 400 * 24 * 3600,
    }),
  }
}
