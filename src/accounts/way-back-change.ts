import type { Queryable } from '../database/queryable.js'

/**
 * A socket: hears, within its transaction, that a way back into an account was replaced or removed. What was proved by the
 * former one must then count no more.
 */
export type WayBackChange = (accountId: string, client: Queryable) => Promise<void>
