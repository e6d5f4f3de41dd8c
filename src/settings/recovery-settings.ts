import type { Environment } from './environment.js'

/** The ways back into an account that an operator may offer, in the order in which people see them. */
const recoveryMethods = ['passkey', 'email', 'questions'] as const

type RecoveryMethod = (typeof recoveryMethods)[number]

/** Reads which ways back into an account there are; complaints go to `environment`. */
export function readRecoverySettings(environment: Environment) {
  return {
    methods: readRecoveryMethods(environment),
    showPasskeyBeforeRedirect: environment.boolean('SHOW_RECOVERY_PASSKEY_BEFORE_REDIRECT', false),
  }
}

function readRecoveryMethods(environment: Environment): readonly RecoveryMethod[] {
  const words = environment.list('RECOVERY_METHODS')
  if (words.length === 0) return recoveryMethods
  const isNone = words.length === 1 && words[0] === 'none'
  const unknown = words.filter((word) => !recoveryMethods.some((method) => method === word))
  if (unknown.length > 0 && !isNone) {
    environment.report(
      `RECOVERY_METHODS must be none, or some of ${recoveryMethods.join(', ')}, not "${unknown.join(', ')}".`,
    )
  }
  return recoveryMethods.filter((method) => words.includes(method))
}
