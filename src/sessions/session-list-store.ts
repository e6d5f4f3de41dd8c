import type { Queryable } from '../database/queryable.js'
import type { ListedSession } from './listed-session.js'

/** The table `sessions` as a list of each account, for its owner and the operator. */
export class SessionListStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** At most `limit` sessions of an account that have not expired at `now`: `firstId`, then the one that was used last. */
  async find(accountId: string, now: Date, firstId: string, limit: number): Promise<ListedSession[]> {
    const { rows } = await this.#database.query<ListedSession>(
      `select id, user_agent as "userAgent", created_at as "createdAt", last_used_at as "lastUsedAt",
         expires_at as "expiresAt"
       from sessions
       where account_id = $1
         and expires_at > $2
       order by id = $3 desc, last_used_at desc, id
       limit $4`,
      [accountId, now, firstId, limit],
    )
    return rows
  }

  /**
   * How many sessions each of these accounts has that have not expired at `now` and were used after `usedSince`; accounts
   * without are left out.
   */
  async count(
    accountIds: readonly string[],
    now: Date,
    usedSince = new Date(0),
  ): Promise<Map<string, number>> {
    const { rows } = await this.#database.query<{ account_id: string; count: number }>(
      `select account_id, count(*)::int as count
       from sessions
       where account_id = any($1)
         and expires_at > $2
         and last_used_at > $3
       group by account_id`,
      [accountIds, now, usedSince],
    )
    return new Map(rows.map((row) => [row.account_id, row.count]))
  }
}
