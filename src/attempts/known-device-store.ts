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
   * Notes that the account signed in on a browser. One that it is known on already keeps its token; any other gets the
   * new one, and with it whatever accounts were known there. Those rows are moved, not copied: copies would count wrong
   * passwords from zero. Beyond 50 browsers of an account those that were used longest ago are forgotten.
   *
   * @param heldHash of the token that the browser holds; null for none
   * @param newHash of the token that it gets where the held one is not known to this account
   * @returns whether the held one stays
   */
  async remember(accountId: string, heldHash: Buffer | null, newHash: Buffer, now: Date): Promise<boolean> {
    const { rows } = await this.#database.query<{ stays: boolean }>({
      name: 'remember device',
      text: `
        with known as (
          update known_devices
          set last_used_at = $4
          where token_hash = $2
            and account_id = $1
          returning id
        ), moved as (
          update known_devices
          set token_hash = $3
          where token_hash = $2
            and not exists (select from known)
        ), account as (
          select id
          from accounts
          where id = $1
            and not exists (select from known)
          for key share
        ), added as (
          insert into known_devices (account_id, token_hash, last_used_at)
          select id, $3, $4
          from account
        ), forgotten as (
          delete from known_devices
          where id in (
            select id from known_devices
            where id in (
              select known_devices.id
              from known_devices
              join account on account.id = account_id
              order by last_used_at desc
              offset $5
            )
            for update skip locked
          )
        )
        select exists (select from known) as stays`,
      values: [accountId, heldHash, newHash, now, mostPerAccount - 1],
    })
    return rows[0]?.stays === true
  }

  /**
   * Trusts a browser until a time, or until the password changes.
   *
   * @param passwordVersion of the password that was right there
   */
  async trust(accountId: string, tokenHash: Buffer, passwordVersion: number, until: Date): Promise<void> {
    await this.#database.query({
      name: 'trust known device',
      text: `
        update known_devices
        set trusted_until = $4,
            trusted_password_version = $3
        where token_hash = $2
          and account_id = $1`,
      values: [accountId, tokenHash, passwordVersion, until],
    })
  }

  /** Whether a browser that was used since `since` is trusted now, under this version of the password. */
  async isTrusted(
    accountId: string,
    tokenHash: Buffer,
    passwordVersion: number,
    { since, now }: { since: Date; now: Date },
  ): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'is known device trusted',
      text: `
        select
        from known_devices
        where token_hash = $2
          and account_id = $1
          and last_used_at > $4
          and trusted_until > $5
          and trusted_password_version = $3`,
      values: [accountId, tokenHash, passwordVersion, since, now],
    })
    return rowCount === 1
  }

  /** Trusts no browser of an account any more; known they stay. */
  async distrustAllOf(accountId: string): Promise<void> {
    await this.#database.query(
      `update known_devices
       set trusted_until = null
       where account_id = $1
         and trusted_until is not null`,
      [accountId],
    )
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
