import type { Queryable } from '../database/queryable.js'

// Programs that keep no cookie are a new device at each sign-in; people have fewer than these.
const mostPerAccount = 50

/** The table `known_devices`: a row for each account that has signed in on a browser, and the hash of that browser's token. */
export class KnownDeviceStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @returns what stays the same for this account on this browser; null when it has not signed in there since `since` */
  async find(accountId: string, tokenHash: Buffer, since: Date): Promise<string | null> {
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
   * Remembers that the account signed in. All accounts of the browser move to the new token: a copy of the old one is
   * void. Beyond 50 devices of an account the one that was used longest ago is forgotten.
   */
  async remember(
    accountId: string,
    tokenHash: Buffer,
    replacedTokenHash: Buffer | null,
    now: Date,
  ): Promise<void> {
    await this.#database.query({
      name: 'remember device',
      text: `
        with moved as (
          update known_devices
          set token_hash = $2,
              last_used_at = case when account_id = $1 then $4 else last_used_at end
          where token_hash = $3
          returning account_id
        ), forgotten as (
          delete from known_devices
          where id in (
            select id from known_devices
            where id in (
              select id from known_devices
              where account_id = $1 and token_hash is distinct from $3
              order by last_used_at desc
              offset $5
            )
            for update skip locked
          )
        )
        insert into known_devices (account_id, token_hash, last_used_at)
        select $1, $2, $4
        where not exists (select from moved where account_id = $1)`,
      values: [accountId, tokenHash, replacedTokenHash, now, mostPerAccount - 1],
    })
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
