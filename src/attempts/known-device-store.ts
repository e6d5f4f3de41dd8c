import type { Queryable } from '../database/queryable.js'

// Programs that keep no cookie are a new device at each sign-in; people have fewer than these.
const mostPerAccount = 50

/**
 * The table `known_devices`: a row for each account that has signed in on a browser, and the hash of that browser's token.
 * New rows lock the account, so that it does not go between the look and the write.
 */
export class KnownDeviceStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @returns what stays the same for this account on this browser; null when it has not signed in there since `since` */
  async find(accountId: string | null, tokenHash: Buffer, since: Date): Promise<string | null> {
    const { rows } = await this.#database.query<{ id: string }>({
      name: 'find known device',
      text: `
        select id
        from known_devices
        where token_hash = $1
          and account_id = $2
          and last_used_at > $3`,
      values: [tokenHash, accountId, since],
    })
    return rows[0]?.id ?? null
  }

  /**
   * Notes that the account signed in on a browser that this or another account has signed in on before.
   *
   * @returns false, and nothing is noted, when nobody has: a token that was made up makes no device known
   */
  async note(accountId: string, tokenHash: Buffer, now: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'note known device',
      text: `
        insert into known_devices (account_id, token_hash, last_used_at)
        select id, $2, $3
        from accounts
        where id = $1
          and exists (select from known_devices where token_hash = $2)
        for key share of accounts
        on conflict (token_hash, account_id) do update
        set last_used_at = excluded.last_used_at`,
      values: [accountId, tokenHash, now],
    })
    return rowCount === 1
  }

  /** Adds a browser; beyond 50 of an account those that were used longest ago are forgotten. */
  async add(accountId: string, tokenHash: Buffer, now: Date): Promise<void> {
    await this.#database.query({
      name: 'add known device',
      text: `
        with forgotten as (
          delete from known_devices
          where id in (
            select id from known_devices
            where id in (
              select id from known_devices
              where account_id = $1
              order by last_used_at desc
              offset $4
            )
            for update skip locked
          )
        )
        insert into known_devices (account_id, token_hash, last_used_at)
        select id, $2, $3
        from accounts
        where id = $1
        for key share`,
      values: [accountId, tokenHash, now, mostPerAccount - 1],
    })
  }

  /** Makes strangers of all browsers of an account. */
  async forgetAllOf(accountId: string): Promise<void> {
    await this.#database.query('delete from known_devices where account_id = $1', [accountId])
  }

  /** Forgets at most `limit` devices that were last used before `before`; returns how many. */
  async sweep(before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from known_devices
       where id in (
         select id from known_devices
         where last_used_at < $1
         limit $2
         for update skip locked
       )`,
      [before, limit],
    )
    return rowCount ?? 0
  }
}
