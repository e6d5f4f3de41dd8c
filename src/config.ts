import { readAttemptSettings } from './settings/attempt-settings.js'
import { readCaptchaSettings } from './settings/captcha-settings.js'
import { readDatabaseSettings } from './settings/database-settings.js'
import { readEmailCodeSettings } from './settings/email-code-settings.js'
import { Environment } from './settings/environment.js'
import { readMailSettings } from './settings/mail-settings.js'
import { readFirebaseSettings, readOpenidSettings } from './settings/openid-settings.js'
import { readPasswordSettings } from './settings/password-settings.js'
import { readRecoverySettings } from './settings/recovery-settings.js'
import { readSecondFactorSettings } from './settings/second-factor-settings.js'
import { readSecurityEventSettings } from './settings/security-event-settings.js'
import { readServerSettings } from './settings/server-settings.js'
import { readSessionSettings } from './settings/session-settings.js'
import { readSiblingAppSettings } from './settings/sibling-app-settings.js'
import { readSudoSettings } from './settings/sudo-settings.js'
import { readTokenSettings } from './settings/token-settings.js'
import { readWebauthnSettings } from './settings/webauthn-settings.js'

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export type Config = ReturnType<typeof readSettings> & {
  /** What the operator should look at although Latchkey starts: a sentence each. Not found before that: it takes a while. */
  findDoubts: () => readonly string[]
}

/** Settings that cannot be used: the message lists every problem, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads all settings of the web process.
 *
 * @throws ConfigError naming every setting that is wrong, at once.
 */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const environment = new Environment(variables)
  const config = readSettings(environment)
  if (environment.problems.length > 0) throw new ConfigError(environment.problems.join('\n'))
  return { ...config, findDoubts: () => environment.findMistypedNames() }
}

function readSettings(environment: Environment) {
  const server = readServerSettings(environment)
  const serviceName = readServiceName(environment)
  return {
    serviceName,
    logLevel: environment.choice('LOG_LEVEL', logLevels, 'info'),
    revealAccountExistence: environment.boolean('REVEAL_ACCOUNT_EXISTENCE', true),
    ...server,
    ...readSiblingAppSettings(environment, server.publicOrigin),
    database: readDatabaseSettings(environment),
    sessions: readSessionSettings(environment),
    passwords: readPasswordSettings(environment),
    attempts: readAttemptSettings(environment),
    captcha: readCaptchaSettings(environment),
    mail: readMailSettings(environment, { serviceName, publicOrigin: server.publicOrigin }),
    emailCodes: readEmailCodeSettings(environment),
    secondFactor: readSecondFactorSettings(environment),
    securityEvents: readSecurityEventSettings(environment),
    sudo: readSudoSettings(environment),
    recovery: readRecoverySettings(environment),
    tokens: readTokenSettings(environment),
    openid: readOpenidSettings(environment),
    firebase: readFirebaseSettings(environment),
    webauthn: readWebauthnSettings(environment),
  }
}

function readServiceName(environment: Environment): string {
  const name = environment.text('SERVICE_NAME') ?? 'Latchkey'
  if (Array.from(name).length > 120 || /\p{C}/u.test(name)) {
    environment.report('SERVICE_NAME must be one line of at most 120 characters.')
  }
  return name
}
