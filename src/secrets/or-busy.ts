import { HashingBusy } from './hashing-busy.js'

/** The queue of password hashes is full; nothing was done. */
export type Busy = { kind: 'busy'; retryAfterSeconds: number }

/** Makes an outcome of a full queue. */
export async function orBusy<Result>(work: () => Promise<Result>): Promise<Result | Busy> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof HashingBusy) return { kind: 'busy', retryAfterSeconds: error.retryAfterSeconds }
    throw error
  }
}
