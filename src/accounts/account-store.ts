import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'

export type Account = {
  id: string
  username: string
  email: string | null
  /** When its owner has shown that mail to this address arrives; null for never. */
  emailConfirmedAt: Date | null
  passwordHash: string
  /** One more with each change of the password; a hash of the same one made anew changes nothing. */
  passwordVersion: number
}

export type NewAccount = {
  username: string
  canonicalUsername: string
  email: string | null
  canonicalEmail: string | null
  /** Null while nobody has shown that mail to the address arrives at its owner. */
  emailConfirmedAt: Date | null
  passwordHash: string
  createdAt: Date
}

/** How an account is asked for; both forms are canonical already. */
export type AccountQuery = { canonicalUsername: string } | { canonicalEmail: string }

export type AddAccountOutcome =
  | { kind: 'added'; account: Account }
  | { kind: 'usernameUnavailable' }
  | { kind: 'emailUnavailable' }

type AccountRow = {
  id: string
  username: string
  email: string | null
  email_confirmed_at: Date | null
  password_hash: string
  password_version: number
}

const columns = 'id, username, email, email_confirmed_at, password_hash, password_version'

/** The table `accounts`. It knows no rule about names or passwords. */
export class AccountStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  async find(query: AccountQuery): Promise<Account | null> {
    return 'canonicalEmail' in query
      ? this.#findBy('canonical_email', query.canonicalEmail)
      : this.#findBy('canonical_username', query.canonicalUsername)
  }

  async findById(id: string): Promise<Account | null> {
    return this.#findBy('id', id)
  }

  /**
   * Like `findById`, as the first step of a transaction that changes several things of an account: others that change it
   * wait until that is done. Without it two of them could each wait for what the other holds.
   */
  async findAndLock(id: string): Promise<Account | null> {
    return this.#findBy('id', id, 'for no key update')
  }

  /**
   * Adds the account and its profile, unless its e-mail address is taken, or its name is or ever was; of parallel tries for
   * one name, one wins. One statement, so that there is never one without the other.
   */
  async add(account: NewAccount): Promise<AddAccountOutcome> {
    const { rows } = await this.#database.query<AccountRow>({
      name: 'add account',
      text: `
        with account as (
          insert into accounts
            (username, canonical_username, email, canonical_email, email_confirmed_at, password_hash, created_at)
          select $1, $2, $3, $4, $5::timestamptz, $6, $7::timestamptz
          where not exists (
            select
            from retired_usernames
            where username_hash = $8
          )
          on conflict do nothing
          returning ${columns}
        ), profile as (
          insert into profiles (account_id)
          select id
          from account
        )
        select ${columns}
        from account`,
      values: [
        account.username,
        account.canonicalUsername,
        account.email,
        account.canonicalEmail,
        account.emailConfirmedAt,
        account.passwordHash,
        account.createdAt,
        hashToken(account.canonicalUsername),
      ],
    })
    if (rows[0]) return { kind: 'added', account: toAccount(rows[0]) }
    const isTaken = await this.#isUsernameTaken(account.canonicalUsername)
    return { kind: isTaken ? 'usernameUnavailable' : 'emailUnavailable' }
  }

  async setGroups(id: string, groups: readonly string[]): Promise<void> {
    await this.#database.query(
      `update accounts
       set groups = $2
       where id = $1`,
      [id, groups],
    )
  }

  /**
   * Changes the password like `setPasswordHash`, unless somebody has changed it since version `passwordVersion`: of
   * parallel changes one wins.
   *
   * @returns whether it was changed
   */
  async changePassword(id: string, passwordHash: string, passwordVersion: number): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `update accounts
       set password_hash = $2,
           password_version = password_version + 1
       where id = $1
         and password_version = $3`,
      [id, passwordHash, passwordVersion],
    )
    return rowCount === 1
  }

  /** Changes the password: sign-ins that have checked the old one and not finished yet come to nothing. */
  async setPasswordHash(id: string, passwordHash: string): Promise<void> {
    await this.#database.query(
      `update accounts
       set password_hash = $2,
           password_version = password_version + 1
       where id = $1`,
      [id, passwordHash],
    )
  }

  /** Removes the account with all that belongs to it, its sessions first of all. Nobody can have its name from then on. */
  async remove(id: string, now: Date): Promise<void> {
    await this.#database.query(
      `with removed as (
         delete from accounts
         where id = $1
         returning canonical_username
       )
       insert into retired_usernames (username_hash, retired_at)
       select sha256(convert_to(canonical_username, 'UTF8')), $2
       from removed
       on conflict do nothing`,
      [id, now],
    )
  }

  /** Lets a name of an account that was removed be somebody's again. */
  async releaseUsername(canonicalUsername: string): Promise<void> {
    await this.#database.query(
      `delete from retired_usernames
       where username_hash = $1`,
      [hashToken(canonicalUsername)],
    )
  }

  /** Replaces a password hash, unless somebody changed the password since `oldHash` was read. */
  async replacePasswordHash(id: string, oldHash: string, newHash: string): Promise<void> {
    await this.#database.query({
      name: 'replace password hash',
      text: `
        update accounts
        set password_hash = $3
        where id = $1
          and password_hash = $2`,
      values: [id, oldHash, newHash],
    })
  }

  async #isUsernameTaken(canonicalUsername: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `select from accounts where canonical_username = $1
       union all
       select from retired_usernames where username_hash = $2`,
      [canonicalUsername, hashToken(canonicalUsername)],
    )
    return rowCount !== 0
  }

  async #findBy(
    column: 'id' | 'canonical_username' | 'canonical_email',
    value: string,
    lock: '' | 'for no key update' = '',
  ): Promise<Account | null> {
    const { rows } = await this.#database.query<AccountRow>({
      name: `find account by ${column} ${lock}`.trimEnd(),
      text: `
        select ${columns}
        from accounts
        where ${column} = $1
        ${lock}`,
      values: [value],
    })
    return rows[0] ? toAccount(rows[0]) : null
  }
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    emailConfirmedAt: row.email_confirmed_at,
    passwordHash: row.password_hash,
    passwordVersion: row.password_version,
  }
}
