import { isUniqueViolation } from '../database/is-unique-violation.js'
import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'

export type Account = {
  id: string
  username: string
  email: string | null
  /** When its owner has shown that mail to this address arrives; null for never. */
  emailConfirmedAt: Date | null
  /** Whether a code mailed there opens the account: see `AccountEmailStore.closeWayBack`. */
  isEmailWayBack: boolean
  /** Of no password at all where there is none. */
  passwordHash: string
  /** False for who came by another service and has not set one. */
  hasPassword: boolean
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
  /** False when the hash is that of no password; true when it is not said. */
  hasPassword?: boolean
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
  is_email_way_back: boolean
  password_hash: string
  has_password: boolean
  password_version: number
}

const columns = `
  id, username, email, email_confirmed_at, password_hash, has_password, password_version,
  email_confirmed_at is not null and (ways_back_since is null or email_confirmed_at > ways_back_since) as is_email_way_back`

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
    const added = await this.#insert(account)
    if (added === 'nameWasTaken') return { kind: 'usernameUnavailable' }
    if (added !== null) return { kind: 'added', account: added }
    const namesake = await this.find({ canonicalUsername: account.canonicalUsername })
    return { kind: namesake ? 'usernameUnavailable' : 'emailUnavailable' }
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
           has_password = true,
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
           has_password = true,
           password_version = password_version + 1
       where id = $1`,
      [id, passwordHash],
    )
  }

  /** Removes the account with all that belongs to it, its sessions first of all. Its name stays taken. */
  async remove(id: string): Promise<void> {
    await this.#database.query(
      `delete from accounts
       where id = $1`,
      [id],
    )
  }

  /** Lets a name that no account has any more be somebody's again. */
  async releaseUsername(canonicalUsername: string): Promise<void> {
    await this.#database.query(
      `delete from taken_usernames
       where username_hash = $2
         and not exists (select from accounts where canonical_username = $1)`,
      [canonicalUsername, hashToken(canonicalUsername)],
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

  /** @returns null when an account with this name or e-mail address is there */
  async #insert(account: NewAccount): Promise<Account | 'nameWasTaken' | null> {
    try {
      const { rows } = await this.#database.query<AccountRow>({
        name: 'add account',
        // The name is noted last: an account that goes meanwhile has been waited for by then, and its name is still there.
        text: `
          with account as (
            insert into accounts
              (username, canonical_username, email, canonical_email, email_confirmed_at, password_hash, created_at,
                has_password)
            values ($1, $2, $3, $4, $5, $6, $7, $9)
            on conflict do nothing
            returning ${columns}
          ), profile as (
            insert into profiles (account_id)
            select id
            from account
          ), name as (
            insert into taken_usernames (username_hash)
            select $8
            from account
          )
          select *
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
          account.hasPassword ?? true,
        ],
      })
      return rows[0] ? toAccount(rows[0]) : null
    } catch (error) {
      if (isUniqueViolation(error, 'taken_usernames_pkey')) return 'nameWasTaken'
      throw error
    }
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
    isEmailWayBack: row.is_email_way_back,
    passwordHash: row.password_hash,
    hasPassword: row.has_password,
    passwordVersion: row.password_version,
  }
}
