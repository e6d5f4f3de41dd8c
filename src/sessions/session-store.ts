import type { Queryable } from '../database/queryable.js'

export type Session = {
  id: string
  accountId: string
  username: string
  expiresAt: Date
  lastUsedAt: Date
}

export type NewSession = {
  tokenHash: Buffer
  accountId: string
  createdAt: Date
  expiresAt: Date
  /** The session that this one replaces in the same browser; ended by the same statement. */
  replacedTokenHash: Buffer | null
}

type SessionRow = { id: string; account_id: string; username: string; expires_at: Date; last_used_at: Date }

/** The table `sessions`. Tokens reach it only as hashes. */
export class SessionStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  async add(session: NewSession): Promise<void> {
    await this.#database.query({
      name: 'add session',
      text: `
        with replaced as (
          delete from sessions
          where token_hash = $5
        )
        insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at)
        values ($1, $2, $3, $3, $4)`,
      values: [
        session.tokenHash,
        session.accountId,
        session.createdAt,
        session.expiresAt,
        session.replacedTokenHash,
      ],
    })
  }

  /** The session with this token hash, unless it has expired at `now`. */
  async find(tokenHash: Buffer, now: Date): Promise<Session | null> {
    const { rows } = await this.#database.query<SessionRow>({
      name: 'find session',
      text: `
        select sessions.id, account_id, username, expires_at, last_used_at
        from sessions
        join accounts on accounts.id = account_id
        where token_hash = $1
          and expires_at > $2`,
      values: [tokenHash, now],
    })
    return rows[0] ? toSession(rows[0]) : null
  }

  /** Ends the session with this token hash; returns whose it was, null when there was none. */
  async end(tokenHash: Buffer): Promise<{ accountId: string } | null> {
    const { rows } = await this.#database.query<{ account_id: string }>({
      name: 'end session',
      text: `
        delete from sessions
        where token_hash = $1
        returning account_id`,
      values: [tokenHash],
    })
    return rows[0] ? { accountId: rows[0].account_id } : null
  }

  /** Ends all sessions of an account; returns how many there were. */
  async endAllOf(accountId: string): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from sessions
       where account_id = $1`,
      [accountId],
    )
    return rowCount ?? 0
  }

  /** How many sessions each of these accounts has that have not expired at `now`; accounts without are left out. */
  async countOf(accountIds: readonly string[], now: Date): Promise<Map<string, number>> {
    const { rows } = await this.#database.query<{ account_id: string; count: number }>(
      `select account_id, count(*)::int as count
       from sessions
       where account_id = any($1)
         and expires_at > $2
       group by account_id`,
      [accountIds, now],
    )
    return new Map(rows.map((row) => [row.account_id, row.count]))
  }

  /** Notes when sessions were last used; never moves a time back, as nodes report in any order. */
  async touch(ids: readonly string[], lastUsedAt: readonly Date[]): Promise<void> {
    await this.#database.query({
      name: 'touch sessions',
      text: `
        update sessions
        set last_used_at = used.at
        from unnest($1::uuid[], $2::timestamptz[]) as used (id, at)
        where sessions.id = used.id
          and last_used_at < used.at`,
      values: [ids, lastUsedAt],
    })
  }

  /** Deletes up to `limit` sessions that have expired at `now`; returns how many. Nodes do not wait for each other. */
  async deleteExpired(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query({
      name: 'delete expired sessions',
      text: `
        delete from sessions
        where id in (
          select id
          from sessions
          where expires_at <= $1
          limit $2
          for update skip locked
        )`,
      values: [now, limit],
    })
    return rowCount ?? 0
  }
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    accountId: row.account_id,
    username: row.username,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}
