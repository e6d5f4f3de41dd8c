import { recoveryMethods, type RecoveryMethod } from '../recovery/recovery-method.js'
import type { Environment } from './environment.js'

/** Reads which ways back into an account there are; complaints go to `environment`. */
export function readRecoverySettings(environment: Environment) {
  return {
    methods: readRecoveryMethods(environment),
    showPasskeyBeforeRedirect: environment.boolean('SHOW_RECOVERY_PASSKEY_BEFORE_REDIRECT', false),
    failuresBeforeCooldown: environment.integer('RECOVERY_FAILURES_BEFORE_COOLDOWN', {
      fallback: 5,
      min: 2,
      max: 1000,
    }),
    cooldownSeconds: environment.integer('RECOVERY_COOLDOWN_SECONDS', { fallback: 900, min: 1, max: 86_400 }),
    validitySeconds: environment.integer('RECOVERY_VALIDITY_SECONDS', {
      fallback: 1800,
      min: 60,
      max: 86_400,
    }),
    resetValiditySeconds: environment.integer('RESET_TOKEN_VALIDITY_SECONDS', {
      fallback: 600,
      min: 60,
      max: 86_400,
    }),
    resetCodeValiditySeconds: environment.integer('RESET_CODE_VALIDITY_SECONDS', {
      fallback: 86_400,
      min: 60,
      max: 30 * 86_400,
    }),
  }
}

function readRecoveryMethods(environment: Environment): readonly RecoveryMethod[] {
  const words = environment.list('RECOVERY_METHODS')
  if (words.length === 0) return recoveryMethods
  const isNone = words.length === 1 && words[0] === 'none'
  const unknown = words.filter((word) => !recoveryMethods.some((method) => method === word))
  if (unknown.length > 0 && !isNone) {
    environment.report(
      `RECOVERY_METHODS must be none alone, or some of ${recoveryMethods.join(', ')}, not "${words.join(', ')}".`,
    )
  }
  return recoveryMethods.filter((method) => words.includes(method))
}
