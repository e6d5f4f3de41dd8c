import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { readAttemptSettings } from './attempt-settings.js'
import { Environment } from './environment.js'
import type { AccessRule } from './sibling-apps/access-rules.js'
import { judgeCookieDomain } from './sibling-apps/judge-cookie-domain.js'
import { parseAccessRules } from './sibling-apps/parse-access-rules.js'
import { parseOriginPattern } from './sibling-apps/origin-pattern.js'

const fourHundredYears = 400 * 365 * 24 * 3600
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export type Config = ReturnType<typeof readSettings>

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
  return config
}

function readSettings(environment: Environment) {
  const publicOrigin = readPublicOrigin(environment)
  return {
    serviceName: readServiceName(environment),
    host: environment.text('HOST') ?? '127.0.0.1',
    port: environment.integer('PORT', { fallback: 3000, min: 0, max: 65535 }),
    publicOrigin,
    cookieDomain: readCookieDomain(environment, publicOrigin),
    trustedProxies: readTrustedProxies(environment),
    logLevel: environment.choice('LOG_LEVEL', logLevels, 'info'),
    revealAccountExistence: environment.boolean('REVEAL_ACCOUNT_EXISTENCE', true),
    allowedRedirectOrigins: readAllowedRedirectOrigins(environment),
    accessRules: readAccessRules(environment),
    database: {
      url: readDatabaseUrl(environment),
      folder: resolve(environment.text('DATA_FOLDER') ?? 'data'),
      poolSize: environment.integer('DATABASE_POOL_SIZE', { fallback: 10, min: 1, max: 1000 }),
    },
    sessions: readSessions(environment),
    passwords: {
      minimumLength: environment.integer('PASSWORD_MINIMUM_LENGTH', { fallback: 8, min: 8, max: 64 }),
      hashing: {
        memoryKiB: environment.integer('PASSWORD_HASH_MEMORY_KIB', {
          fallback: 19_456,
          min: 7168,
          max: 2_097_152,
        }),
        iterations: environment.integer('PASSWORD_HASH_ITERATIONS', { fallback: 2, min: 1, max: 64 }),
        parallelism: environment.integer('PASSWORD_HASH_PARALLELISM', { fallback: 1, min: 1, max: 64 }),
        concurrency: environment.integer('PASSWORD_HASH_CONCURRENCY', {
          fallback: availableParallelism(),
          min: 1,
          max: 256,
        }),
        queueLimit: environment.integer('PASSWORD_HASH_QUEUE_LIMIT', { fallback: 128, min: 1, max: 100_000 }),
      },
    },
    attempts: readAttemptSettings(environment),
    limits: {
      requestSeconds: environment.integer('REQUEST_TIMEOUT_SECONDS', { fallback: 10, min: 1, max: 300 }),
      keepAliveSeconds: environment.integer('KEEP_ALIVE_TIMEOUT_SECONDS', { fallback: 65, min: 1, max: 600 }),
      connections: environment.integer('CONNECTION_LIMIT', { fallback: 2000, min: 10, max: 1_000_000 }),
      shutdownSeconds: environment.integer('SHUTDOWN_TIMEOUT_SECONDS', { fallback: 8, min: 1, max: 300 }),
    },
  }
}

function readServiceName(environment: Environment): string {
  const name = environment.text('SERVICE_NAME') ?? 'Latchkey'
  if (Array.from(name).length > 120 || /\p{C}/u.test(name)) {
    environment.report('SERVICE_NAME must be one line of at most 120 characters.')
  }
  return name
}

function readSessions(environment: Environment) {
  const validitySeconds = environment.integer('SESSION_TOKEN_VALIDITY_DURATION_SECONDS', {
    fallback: 30 * 24 * 3600,
    min: 60,
    max: fourHundredYears,
  })
  const sweepIntervalSeconds = environment.integer('SESSION_SWEEP_INTERVAL_SECONDS', {
    fallback: 60,
    min: 1,
    max: 86_400,
  })
  const lastUsedPrecisionSeconds = environment.integer('SESSION_LAST_USED_PRECISION_SECONDS', {
    fallback: 60,
    min: 1,
    max: 86_400,
  })
  const idleTimeoutSeconds = environment.integer('SESSION_IDLE_TIMEOUT_SECONDS', {
    fallback: 0,
    min: 0,
    max: fourHundredYears,
  })
  const cacheSize = environment.integer('SESSION_CACHE_SIZE', { fallback: 10_000, min: 0, max: 10_000_000 })

  if (idleTimeoutSeconds > 0 && (idleTimeoutSeconds < 300 || idleTimeoutSeconds > validitySeconds)) {
    environment.report(
      'SESSION_IDLE_TIMEOUT_SECONDS must be 0 for none, or from 300 to ' +
        `SESSION_TOKEN_VALIDITY_DURATION_SECONDS (${validitySeconds}), not "${idleTimeoutSeconds}".`,
    )
  }
  // A node may learn so late that another one was used: a session in use would end.
  if (idleTimeoutSeconds > 0 && lastUsedPrecisionSeconds + sweepIntervalSeconds > idleTimeoutSeconds / 2) {
    environment.report(
      'SESSION_LAST_USED_PRECISION_SECONDS and SESSION_SWEEP_INTERVAL_SECONDS together must be at most half of ' +
        'SESSION_IDLE_TIMEOUT_SECONDS.',
    )
  }
  return { validitySeconds, sweepIntervalSeconds, lastUsedPrecisionSeconds, idleTimeoutSeconds, cacheSize }
}

function readPublicOrigin(environment: Environment): string | null {
  const text = environment.text('PUBLIC_URL')
  if (text === null) return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && ['https:', 'http:'].includes(url.protocol) && url.href === `${url.origin}/`) {
    return url.origin
  }
  environment.report(
    `PUBLIC_URL must be the address people open, without a path, such as https://login.example.com, not "${text}".`,
  )
  return null
}

function readCookieDomain(environment: Environment, publicOrigin: string | null): string | null {
  const text = environment.text('COOKIE_DOMAIN')
  if (text === null) return null
  if (publicOrigin === null) {
    environment.report('COOKIE_DOMAIN needs PUBLIC_URL too, an address on a host of that domain.')
    return null
  }
  const outcome = judgeCookieDomain(text, publicOrigin)
  switch (outcome.kind) {
    case 'valid':
      return outcome.domain
    case 'malformed':
      environment.report(`COOKIE_DOMAIN must be a domain such as example.com, not "${text}".`)
      return null
    case 'address':
      environment.report(`COOKIE_DOMAIN must be a domain, not "${text}": addresses cannot share a cookie.`)
      return null
    case 'publicSuffix':
      environment.report(
        `COOKIE_DOMAIN must not be "${text}": anybody can have a name below it, so browsers refuse such a cookie.`,
      )
      return null
    case 'notOurs':
      environment.report(
        `COOKIE_DOMAIN is "${text}", but ${outcome.hostname} of PUBLIC_URL does not lie in that domain.`,
      )
      return null
  }
}

function readAccessRules(environment: Environment): AccessRule[] {
  const { rules, problems } = parseAccessRules(environment.text('ACCESS_RULES') ?? '')
  for (const problem of problems) environment.report(`ACCESS_RULES, ${problem}`)
  return rules
}

function readAllowedRedirectOrigins(environment: Environment) {
  return environment.list('ALLOWED_REDIRECT_ORIGINS').flatMap((text) => {
    const pattern = parseOriginPattern(text)
    if (pattern !== null) return [pattern]
    environment.report(
      `ALLOWED_REDIRECT_ORIGINS takes origins such as https://app.example.com or https://*.example.com, not "${text}".`,
    )
    return []
  })
}

function readTrustedProxies(environment: Environment): string[] {
  return environment.list('TRUSTED_PROXIES').filter((entry) => {
    if (isAddressOrNetwork(entry)) return true
    environment.report(
      `TRUSTED_PROXIES takes addresses and networks such as 10.0.0.2 or 10.0.0.0/8, not "${entry}".`,
    )
    return false
  })
}

function isAddressOrNetwork(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  // A prefix of 0 would trust every stranger.
  return (
    prefix === undefined || (/^\d{1,3}$/.test(prefix) && +prefix >= 1 && +prefix <= (family === 4 ? 32 : 128))
  )
}

function readDatabaseUrl(environment: Environment): string | null {
  const text = environment.text('DATABASE_URL')
  if (text === null || (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text.replace('@/', '@localhost/'))))
    return text
  environment.report(
    'DATABASE_URL must look like postgres://user:password@host:5432/database, with special characters in its password ' +
      'percent-encoded (its value is not shown).',
  )
  return null
}
