import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'

/** The table `used_once`: what counts once and was used. Nothing is kept of what nobody uses. */
export class UsedOnceStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Uses something up. One statement: of parallel uses, on whatever nodes, one is the first.
   *
   * @param purpose what it is: of the same text each purpose has its own
   * @param what is the same for every copy of it
   * @param expiresAt from when it counts for nothing anyway
   * @returns false when it was used before
   * @throws DatabaseUnavailable
   */
  async use(purpose: string, what: string, expiresAt: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'use once',
      text: `
        insert into used_once (purpose, id, expires_at)
        values ($1, $2, $3)
        on conflict do nothing`,
      values: [purpose, hashToken(what), expiresAt],
    })
    return rowCount === 1
  }

  /** Whether it was used before. @throws DatabaseUnavailable */
  async has(purpose: string, what: string): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'find used once',
      text: `
        select
        from used_once
        where purpose = $1
          and id = $2`,
      values: [purpose, hashToken(what)],
    })
    return rowCount === 1
  }

  /** Forgets at most `limit`, of whatever purpose, that have expired; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from used_once
       where (purpose, id) in (
         select purpose, id from used_once
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
