import type { Queryable } from '../database/queryable.js'

/** The table `second_factors`: a row for each account whose owner wants a code to be asked for. */
export class SecondFactorStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Since when a code is asked for; null when it is not. */
  async find(accountId: string): Promise<Date | null> {
    const { rows } = await this.#database.query<{ email_otp_since: Date }>({
      name: 'find second factor',
      text: 'select email_otp_since from second_factors where account_id = $1',
      values: [accountId],
    })
    return rows[0]?.email_otp_since ?? null
  }

  /** Which of these accounts have it on. */
  async having(accountIds: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.#database.query<{ account_id: string }>(
      'select account_id from second_factors where account_id = any($1)',
      [accountIds],
    )
    return new Set(rows.map((row) => row.account_id))
  }

  /** @returns false when it was on already */
  async turnOn(accountId: string, now: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `insert into second_factors (account_id, email_otp_since)
       values ($1, $2)
       on conflict do nothing`,
      [accountId, now],
    )
    return rowCount === 1
  }

  /** @returns false when it was off already */
  async turnOff(accountId: string): Promise<boolean> {
    const { rowCount } = await this.#database.query('delete from second_factors where account_id = $1', [
      accountId,
    ])
    return rowCount === 1
  }
}
