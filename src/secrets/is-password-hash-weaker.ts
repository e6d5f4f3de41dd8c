import type { Argon2Parameters } from './argon2-parameters.js'
import { parsePasswordHash } from './parse-password-hash.js'

/**
 * Tells whether a stored hash is cheaper to guess than one made with `settings` would be.
 *
 * @returns true when the hash is not argon2id version 19 with a salt of 16 and a digest of 32 bytes, or has less
 *   memory or fewer iterations than `settings`, even where it has more of the other. False when it has at least
 *   as much of both: lowering the settings weakens no stored hash. Lanes do not count, as they change the time a
 *   hash takes but not the work it costs.
 * @throws MalformedPasswordHash
 */
export function isPasswordHashWeaker(hash: string, settings: Argon2Parameters): boolean {
  const { variant, version, parameters, saltBytes, digestBytes } = parsePasswordHash(hash)
  return (
    variant !== 'argon2id' ||
    version < 19 ||
    saltBytes < 16 ||
    digestBytes < 32 ||
    parameters.memoryKiB < settings.memoryKiB ||
    parameters.iterations < settings.iterations
  )
}
