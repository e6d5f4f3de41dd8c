import type { Queryable } from '../database/queryable.js'

/** The table `reset_codes`: the one-time codes that the operator hands out, at most one for each account. */
export class ResetCodeStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Issues a code in place of one that the account may have. */
  async issue(accountId: string, codeHash: Buffer, expiresAt: Date): Promise<void> {
    await this.#database.query(
      `insert into reset_codes (account_id, code_hash, expires_at)
       values ($1, $2, $3)
       on conflict (account_id) do update
       set code_hash = excluded.code_hash,
           expires_at = excluded.expires_at`,
      [accountId, codeHash, expiresAt],
    )
  }

  /** Finds a code and uses it up in one statement: of parallel uses one counts. */
  async useUp(accountId: string | null, codeHash: Buffer, now: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'use up reset code',
      text: `
        delete from reset_codes
        where account_id = $1
          and code_hash = $2
          and expires_at > $3`,
      values: [accountId, codeHash, now],
    })
    return rowCount === 1
  }

  async forget(accountId: string): Promise<void> {
    await this.#database.query(
      `delete from reset_codes
       where account_id = $1`,
      [accountId],
    )
  }

  /** Forgets at most `limit` codes that are over; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from reset_codes
       where account_id in (
         select account_id from reset_codes
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
