import type { Environment } from './environment.js'

const fourHundredYears = 400 * 365 * 24 * 3600

/** Reads how long sessions last and how they are kept; complaints go to `environment`. */
export function readSessionSettings(environment: Environment) {
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
