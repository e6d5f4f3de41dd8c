import type { Environment } from './environment.js'

/** Reads how long people can look back on what has happened to their account; complaints go to `environment`. */
export function readSecurityEventSettings(environment: Environment) {
  return { days: environment.integer('SECURITY_EVENT_DAYS', { fallback: 90, min: 1, max: 3650 }) }
}
