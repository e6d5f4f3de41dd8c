import type { Environment } from './environment.js'

/** Reads when failed attempts stop further ones; complaints go to `environment`. */
export function readAttemptSettings(environment: Environment) {
  const failuresBeforeCooldown = environment.integer('FAILED_ATTEMPTS_BEFORE_COOLDOWN', {
    fallback: 5,
    min: 2,
    max: 1000,
  })
  const failuresBeforeLock = environment.integer('FAILED_ATTEMPTS_BEFORE_LOCK', {
    fallback: 20,
    min: 3,
    max: 1_000_000,
  })
  if (failuresBeforeLock <= failuresBeforeCooldown) {
    environment.report(
      `FAILED_ATTEMPTS_BEFORE_LOCK must be more than FAILED_ATTEMPTS_BEFORE_COOLDOWN (${failuresBeforeCooldown}), not ` +
        `"${failuresBeforeLock}".`,
    )
  }
  return {
    failuresBeforeCooldown,
    failuresBeforeLock,
    cooldownSeconds: environment.integer('FAILED_ATTEMPTS_COOLDOWN_SECONDS', {
      fallback: 900,
      min: 1,
      max: 86_400,
    }),
    failuresPerAddress: environment.integer('FAILED_ATTEMPTS_PER_ADDRESS', {
      fallback: 50,
      min: 1,
      max: 1_000_000,
    }),
    addressWindowSeconds: environment.integer('FAILED_ATTEMPTS_ADDRESS_WINDOW_SECONDS', {
      fallback: 900,
      min: 1,
      max: 86_400,
    }),
    knownDeviceSeconds: environment.integer('KNOWN_DEVICE_SECONDS', {
      fallback: 400 * 24 * 3600,
      min: 60,
      max: 400 * 24 * 3600,
    }),
  }
}
