import type { Queryable } from '../database/queryable.js'
import type { Identity } from './identity.js'

export type LinkedIdentity = Identity & { linkedAt: Date }

export type IdentityOwner = {
  accountId: string
  /** Of the account, at the moment in which the identity was its. */
  passwordVersion: number
}

/** The table `linked_identities`: which account an identity at another service opens. */
export class LinkedIdentityStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * The first step of a transaction that gives an identity to an account: others that do so with the same one wait, so that
   * of parallel ones one makes the account.
   */
  async lock({ issuer, subject }: Identity): Promise<void> {
    await this.#database.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      JSON.stringify([issuer, subject]),
    ])
  }

  /** @returns null when it is nobody's */
  async findOwner({ issuer, subject }: Identity): Promise<IdentityOwner | null> {
    const { rows } = await this.#database.query<IdentityOwner>({
      name: 'find owner of identity',
      text: `
        select account_id as "accountId", password_version as "passwordVersion"
        from linked_identities
        join accounts on accounts.id = account_id
        where issuer = $1
          and subject = $2`,
      values: [issuer, subject],
    })
    return rows[0] ?? null
  }

  /** Those of an account, the oldest first. */
  async findAllOf(accountId: string): Promise<LinkedIdentity[]> {
    const { rows } = await this.#database.query<LinkedIdentity>({
      name: 'find identities of account',
      text: `
        select issuer, subject, linked_at as "linkedAt"
        from linked_identities
        where account_id = $1
        order by linked_at, issuer`,
      values: [accountId],
    })
    return rows
  }

  /** @returns false when the identity is somebody's, or the account has another one of that service */
  async add({ issuer, subject }: Identity, accountId: string, now: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'add identity',
      text: `
        insert into linked_identities (issuer, subject, account_id, linked_at)
        values ($1, $2, $3, $4)
        on conflict do nothing`,
      values: [issuer, subject, accountId, now],
    })
    return rowCount === 1
  }

  /** @returns whether there was one of that service */
  async remove(accountId: string, issuer: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `delete from linked_identities
       where account_id = $1
         and issuer = $2`,
      [accountId, issuer],
    )
    return rowCount === 1
  }

  async removeAllOf(accountId: string): Promise<void> {
    await this.#database.query(
      `delete from linked_identities
       where account_id = $1`,
      [accountId],
    )
  }
}
