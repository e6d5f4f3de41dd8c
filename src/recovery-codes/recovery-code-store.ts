import type { Queryable } from '../database/queryable.js'

/** The table `recovery_codes`: the unused ones of each account, by their hashes. */
export class RecoveryCodeStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  async count(accountId: string): Promise<number> {
    const { rows } = await this.#database.query<{ count: number }>({
      name: 'count recovery codes',
      text: 'select count(*)::int as count from recovery_codes where account_id = $1',
      values: [accountId],
    })
    return rows[0]?.count ?? 0
  }

  /** Gives the account these in the place of all others; within a transaction. */
  async replace(accountId: string, hashes: readonly Buffer[]): Promise<void> {
    await this.forget(accountId)
    await this.#database.query(
      'insert into recovery_codes (account_id, code_hash) select $1, unnest($2::bytea[])',
      [accountId, hashes],
    )
  }

  /** Finds a code and uses it up in one statement: of parallel uses one counts. */
  async useUp(accountId: string, hash: Buffer): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'use up recovery code',
      text: 'delete from recovery_codes where account_id = $1 and code_hash = $2',
      values: [accountId, hash],
    })
    return rowCount === 1
  }

  async forget(accountId: string): Promise<void> {
    await this.#database.query('delete from recovery_codes where account_id = $1', [accountId])
  }
}
