import type { Queryable } from '../database/queryable.js'
import { END_REASONS, type EndReason } from './end-reason.js'

/** The table `ended_sessions`, which `SessionStore` fills: why sessions were ended by force. */
export class EndedSessionStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Why the session was ended that one of these token hashes belongs to, the latest of several; null when none was
   * ended, or only by its own browser or long ago.
   */
  async find(tokenHashes: readonly Buffer[]): Promise<EndReason | null> {
    const { rows } = await this.#database.query<{ reason: string }>({
      name: 'find ended session',
      text: `
        select reason
        from ended_sessions
        where token_hash = any($1)
        order by ended_at desc
        limit 1`,
      values: [tokenHashes],
    })
    // A newer release beside this one may know other reasons.
    return END_REASONS.find((reason) => reason === rows[0]?.reason) ?? null
  }

  /** Forgets at most `limit` sessions that were ended before `before`; returns how many. */
  async sweep(before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from ended_sessions
       where token_hash in (
         select token_hash from ended_sessions
         where ended_at < $1
         limit $2
         for update skip locked
       )`,
      [before, limit],
    )
    return rowCount ?? 0
  }
}
