import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'

/** The table `returned_errands`: what has come back once, and must not again. */
export class ReturnedErrandStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @returns false when it was noted before; of parallel ones, one is the first */
  async note(state: string, expiresAt: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `insert into returned_errands (state_hash, expires_at)
       values ($1, $2)
       on conflict do nothing`,
      [hashToken(state), expiresAt],
    )
    return rowCount === 1
  }

  async has(state: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `select
       from returned_errands
       where state_hash = $1`,
      [hashToken(state)],
    )
    return rowCount === 1
  }

  /** Forgets at most `limit` that could not come back any more; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from returned_errands
       where state_hash in (
         select state_hash from returned_errands
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
