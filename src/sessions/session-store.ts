import type { Queryable } from '../database/queryable.js'

/** Plain data, shared by all who ask for the same session. */
export type Session = {
  readonly id: string
  readonly accountId: string
  readonly username: string
  readonly email: string | null
  readonly groups: readonly string[]
  readonly expiresAt: Date
  /** The last use that is known here; it moves on when a use is noted. */
  lastUsedAt: Date
}

export type NewSession = {
  tokenHash: Buffer
  accountId: string
  /** Of the password that was checked. */
  passwordVersion: number
  createdAt: Date
  expiresAt: Date
  /** The session that this one replaces in the same browser; ended by the same statement. */
  replacedTokenHash: Buffer | null
}

type SessionRow = {
  key: string
  id: string
  account_id: string
  username: string
  email: string | null
  groups: string[]
  expires_at: Date
  last_used_at: Date
}

/** The table `sessions`. Tokens reach it only as hashes. */
export class SessionStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Adds a session, unless the password was changed since it was checked. Locking the account makes whoever changes it
   * at this moment wait, and then end this session with all others.
   *
   * @returns whether it was added
   */
  async add(session: NewSession): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'add session',
      text: `
        with replaced as (
          delete from sessions
          where token_hash = $5
        ), account as (
          select id
          from accounts
          where id = $2
            and password_version = $6
          for share
        )
        insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at)
        select $1, id, $3::timestamptz, $3::timestamptz, $4
        from account`,
      values: [
        session.tokenHash,
        session.accountId,
        session.createdAt,
        session.expiresAt,
        session.replacedTokenHash,
        session.passwordVersion,
      ],
    })
    return rowCount === 1
  }

  /**
   * The sessions with these token hashes, expired ones too.
   * @param keys from `tokenKey`
   */
  async find(keys: Iterable<string>): Promise<Map<string, Session>> {
    const { rows } = await this.#database.query<SessionRow>({
      name: 'find sessions',
      text: `
        select encode(token_hash, 'hex') as key, sessions.id, account_id, username, email, groups, expires_at,
          last_used_at
        from sessions
        join accounts on accounts.id = account_id
        where token_hash = any($1)`,
      values: [Array.from(keys, (key) => Buffer.from(key, 'hex'))],
    })
    return new Map(rows.map((row) => [row.key, toSession(row)]))
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
    return this.#deleteBefore('expires_at', now, limit)
  }

  /** Like `deleteExpired`, but those that nobody has used since `time`. It reads the whole table. */
  async deleteUnused(time: Date, limit: number): Promise<number> {
    return this.#deleteBefore('last_used_at', time, limit)
  }

  async #deleteBefore(column: 'expires_at' | 'last_used_at', time: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query({
      name: `delete sessions by ${column}`,
      text: `
        delete from sessions
        where id in (
          select id
          from sessions
          where ${column} <= $1
          limit $2
          for update skip locked
        )`,
      values: [time, limit],
    })
    return rowCount ?? 0
  }
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    accountId: row.account_id,
    username: row.username,
    email: row.email,
    groups: row.groups,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}
