import { availableParallelism } from 'node:os'
import type { Environment } from './environment.js'

/** Reads what a new password has to be like and how passwords are hashed; complaints go to `environment`. */
export function readPasswordSettings(environment: Environment) {
  return {
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
  }
}
