import type { Queryable } from '../database/queryable.js'

/** What the operator sees of an account; no password hash. */
export type AccountSummary = {
  id: string
  username: string
  email: string | null
  isEmailConfirmed: boolean
  hasPassword: boolean
  groups: string[]
  createdAt: Date
}

type SummaryRow = {
  id: string
  username: string
  email: string | null
  is_email_confirmed: boolean
  has_password: boolean
  groups: string[]
  created_at: Date
}

/** The table `accounts` as a list, for the operator. */
export class AccountListStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Accounts in the order of their names.
   *
   * @param part in canonical form; of the username or the e-mail address, empty for all
   */
  async find(part: string, limit: number): Promise<AccountSummary[]> {
    const { rows } = await this.#database.query<SummaryRow>(
      `select id, username, email, email_confirmed_at is not null as is_email_confirmed, has_password, groups, created_at
       from accounts
       where position($1 in canonical_username) > 0
          or position($1 in canonical_email) > 0
       order by canonical_username
       limit $2`,
      [part, limit],
    )
    return rows.map((row) => ({
      id: row.id,
      username: row.username,
      email: row.email,
      isEmailConfirmed: row.is_email_confirmed,
      hasPassword: row.has_password,
      groups: row.groups,
      createdAt: row.created_at,
    }))
  }
}
