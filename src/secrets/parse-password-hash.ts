import { areArgon2ParametersSane } from './are-argon2-parameters-sane.js'
import type { Argon2Parameters } from './argon2-parameters.js'
import { MalformedPasswordHash } from './malformed-password-hash.js'

const PHC_STRING =
  /^\$(argon2(?:id|i|d))\$v=(16|19)\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

type PasswordHashParts = {
  variant: string
  version: number
  parameters: Argon2Parameters
  saltBytes: number
  digestBytes: number
}

/**
 * Reads the cost of a stored hash out of its PHC string.
 *
 * @param hash e.g. `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<digest>`, base64 without padding
 * @returns variant, version (16 or 19), parameters, and the lengths of salt and digest in bytes
 * @throws MalformedPasswordHash for anything else: parameters no machine should try, a salt outside 8 to 64 bytes,
 *   a digest outside 16 to 64 bytes
 */
export function parsePasswordHash(hash: string): PasswordHashParts {
  const [, variant = '', version, memoryKiB, iterations, parallelism, salt = '', digest = ''] =
    PHC_STRING.exec(hash) ?? []
  const parameters = {
    memoryKiB: Number(memoryKiB),
    iterations: Number(iterations),
    parallelism: Number(parallelism),
  }
  const [saltBytes, digestBytes] = [decodedLength(salt), decodedLength(digest)]
  if (
    !areArgon2ParametersSane(parameters) ||
    saltBytes < 8 ||
    saltBytes > 64 ||
    // A digest cut short would let more passwords through.
    digestBytes < 16 ||
    digestBytes > 64
  )
    throw new MalformedPasswordHash()
  return { variant, version: Number(version), parameters, saltBytes, digestBytes }
}

function decodedLength(base64: string): number {
  return Math.floor((base64.length * 3) / 4)
}
