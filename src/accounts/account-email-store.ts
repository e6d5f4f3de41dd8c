import type { Queryable } from '../database/queryable.js'

export type SetEmailOutcome = { kind: 'changed' } | { kind: 'emailUnavailable' }

/** The e-mail address in the table `accounts`: at most one account has it, confirmed or not. */
export class AccountEmailStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * The first step of a transaction in which an address goes from one account to another. Whoever locks several accounts
   * does so in the order of their ids, so that none wait for each other in a circle.
   */
  async lock(accountIds: readonly string[]): Promise<void> {
    await this.#database.query(
      `select
       from accounts
       where id = any($1::uuid[])
       order by id
       for update`,
      [accountIds],
    )
  }

  /**
   * Changes the e-mail address, or removes it; of parallel tries for one address, one wins.
   *
   * @param email null for none
   * @param confirmedAt null when nobody has shown yet that mail arrives there
   */
  async set(
    id: string,
    email: { email: string; canonical: string } | null,
    confirmedAt: Date | null,
  ): Promise<SetEmailOutcome> {
    const { rows } = await this.#database.query<{ is_changed: boolean }>(
      'select set_account_email($1, $2, $3, $4) as is_changed',
      [id, email?.email ?? null, email?.canonical ?? null, confirmedAt],
    )
    return { kind: rows[0]?.is_changed === true ? 'changed' : 'emailUnavailable' }
  }

  /** Has an address that was confirmed until now open the account no more, until it is confirmed again. */
  async closeWayBack(id: string, now: Date): Promise<void> {
    await this.#database.query(
      `update accounts
       set ways_back_since = $2
       where id = $1`,
      [id, now],
    )
  }
}
