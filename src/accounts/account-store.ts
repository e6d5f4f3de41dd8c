import type { Queryable } from '../database/queryable.js'

export type Account = { id: string; username: string; passwordHash: string }

export type NewAccount = {
  username: string
  canonicalUsername: string
  email: string | null
  canonicalEmail: string | null
  passwordHash: string
  createdAt: Date
}

/** How an account is asked for; both forms are canonical already. */
export type AccountQuery = { canonicalUsername: string } | { canonicalEmail: string }

export type AddAccountOutcome =
  | { kind: 'added'; account: Account }
  | { kind: 'usernameUnavailable' }
  | { kind: 'emailUnavailable' }

type AccountRow = { id: string; username: string; password_hash: string }

/** The table `accounts`. It knows no rule about names or passwords. */
export class AccountStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  async find(query: AccountQuery): Promise<Account | null> {
    const [column, value] =
      'canonicalEmail' in query
        ? (['canonical_email', query.canonicalEmail] as const)
        : (['canonical_username', query.canonicalUsername] as const)
    const { rows } = await this.#database.query<AccountRow>({
      name: `find account by ${column}`,
      text: `
        select id, username, password_hash
        from accounts
        where ${column} = $1`,
      values: [value],
    })
    return rows[0] ? toAccount(rows[0]) : null
  }

  /** Adds the account unless its name or e-mail address is taken; of parallel tries for one name, one wins. */
  async add(account: NewAccount): Promise<AddAccountOutcome> {
    const { rows } = await this.#database.query<AccountRow>({
      name: 'add account',
      text: `
        insert into accounts (username, canonical_username, email, canonical_email, password_hash, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing
        returning id, username, password_hash`,
      values: [
        account.username,
        account.canonicalUsername,
        account.email,
        account.canonicalEmail,
        account.passwordHash,
        account.createdAt,
      ],
    })
    if (rows[0]) return { kind: 'added', account: toAccount(rows[0]) }
    const namesake = await this.find({ canonicalUsername: account.canonicalUsername })
    return { kind: namesake ? 'usernameUnavailable' : 'emailUnavailable' }
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
}

function toAccount(row: AccountRow): Account {
  return { id: row.id, username: row.username, passwordHash: row.password_hash }
}
