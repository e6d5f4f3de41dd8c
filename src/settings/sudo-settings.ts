import type { Environment } from './environment.js'

/** Reads for how long a password that was asked for again counts; complaints go to `environment`. */
export function readSudoSettings(environment: Environment) {
  return {
    validitySeconds: environment.integer('SUDO_VALIDITY_SECONDS', { fallback: 600, min: 0, max: 86_400 }),
  }
}
