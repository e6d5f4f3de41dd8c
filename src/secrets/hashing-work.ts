import type { Argon2Parameters } from './argon2-parameters.js'

/** What the hashing process can be asked to do. `password` is hashed as UTF-8, exactly as given. */
export type HashingWork =
  | { kind: 'hash'; password: string; parameters: Argon2Parameters }
  | { kind: 'verify'; password: string; hash: string }
