import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'
import type { Identity } from './identity.js'

/** Somebody whom another service has told of, and who has no account here. */
export type Newcomer = {
  identity: Identity
  /** What to suggest; empty for nothing. */ username: string
  email: string
}

type Row = { issuer: string; subject: string; username: string; email: string }

/** The table `newcomers`. Of a token it keeps the SHA-256 alone. */
export class NewcomerStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  async add(token: string, { identity, username, email }: Newcomer, expiresAt: Date): Promise<void> {
    await this.#database.query(
      `insert into newcomers (token_hash, issuer, subject, username, email, expires_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [hashToken(token), identity.issuer, identity.subject, username, email, expiresAt],
    )
  }

  /** @returns null when it is over */
  async find(token: string, now: Date): Promise<Newcomer | null> {
    const { rows } = await this.#database.query<Row>(
      `select issuer, subject, username, email
       from newcomers
       where token_hash = $1
         and expires_at > $2`,
      [hashToken(token), now],
    )
    const row = rows[0]
    if (!row) return null
    const { issuer, subject, username, email } = row
    return { identity: { issuer, subject }, username, email }
  }

  /** Has one be over then at the latest. */
  async shorten(token: string, expiresAt: Date): Promise<void> {
    await this.#database.query(
      `update newcomers
       set expires_at = least(expires_at, $2)
       where token_hash = $1`,
      [hashToken(token), expiresAt],
    )
  }

  /** Forgets at most `limit` that are over; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from newcomers
       where token_hash in (
         select token_hash from newcomers
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
