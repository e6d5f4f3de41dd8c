/**
 * A message from the hashing process: it is ready, or an order is done (`value` is the new hash, or whether the
 * password matched), or argon2 failed. A failure has no text, as a text could quote a password or a hash.
 */
export type HashingReply =
  | { kind: 'ready' }
  | { kind: 'done'; id: number; value: string | boolean }
  | { kind: 'failed'; id: number }
