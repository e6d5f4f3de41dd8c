import type { HashingWork } from './hashing-work.js'

/** A message to the hashing process. `id` comes back in the reply. */
export type HashingOrder = { id: number; work: HashingWork }
