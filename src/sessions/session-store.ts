import type { Queryable } from '../database/queryable.js'
import type { EndReason } from './end-reason.js'

/** Plain data, shared by all who ask for the same session. */
export type Session = {
  readonly id: string
  readonly accountId: string
  readonly username: string
  /** What its owner wants to be called; null for the username. */
  readonly displayName: string | null
  /** Null also for an address that nobody has confirmed: whose it is nobody knows, and apps join accounts by it. */
  readonly email: string | null
  readonly groups: readonly string[]
  /** When its owner signed in; a new token leaves it. */
  readonly createdAt: Date
  readonly expiresAt: Date
  /** The last use that is known here; it moves on when a use is noted. */
  lastUsedAt: Date
}

export type NewSession = {
  tokenHash: Buffer
  accountId: string
  /** Of the password that was checked. */
  passwordVersion: number
  /** How the browser names itself, as `VisitorReader` has it. */
  userAgent: string | null
  createdAt: Date
  expiresAt: Date
  /** The session that this one replaces in the same browser; ended by the same statement. */
  replacedTokenHash: Buffer | null
}

/** How many sessions an account may have. People have a few, programs that sign in anew each time any number. */
export const mostPerAccount = 1000

/** The table `sessions`. Tokens reach it only as hashes. */
export class SessionStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Adds a session, unless the password was changed since it was checked. Locking the account makes whoever changes it
   * at this moment wait, and then end this session with all others. Beyond 1,000 of an account those end that were unused
   * the longest.
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
        ), crowded as (
          delete from sessions
          where id = any(array(
            select id
            from sessions
            where id = any(array(
              select id
              from sessions
              where account_id = (select id from account)
              order by last_used_at desc, id
              offset $8
            ))
            for update skip locked
          ))
        )
        insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at, user_agent)
        select $1, id, $3::timestamptz, $3::timestamptz, $4, $7
        from account`,
      values: [
        session.tokenHash,
        session.accountId,
        session.createdAt,
        session.expiresAt,
        session.replacedTokenHash,
        session.passwordVersion,
        session.userAgent,
        mostPerAccount - 1,
      ],
    })
    return rowCount === 1
  }

  /**
   * The sessions with these token hashes, expired ones too.
   * @param keys from `tokenKey`
   */
  async find(keys: Iterable<string>): Promise<Map<string, Session>> {
    const { rows } = await this.#database.query<Session & { key: string }>({
      name: 'find sessions',
      text: `
        select encode(token_hash, 'hex') as key, sessions.id, accounts.id as "accountId", username,
          display_name as "displayName", case when email_confirmed_at is not null then email end as email, groups,
          sessions.created_at as "createdAt", expires_at as "expiresAt", last_used_at as "lastUsedAt"
        from sessions
        join accounts on accounts.id = sessions.account_id
        left join profiles on profiles.account_id = sessions.account_id
        where token_hash = any($1)`,
      values: [Array.from(keys, (key) => Buffer.from(key, 'hex'))],
    })
    return new Map(rows.map(({ key, ...session }) => [key, session]))
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
  async endAllOf(accountId: string, reason: EndReason, now: Date): Promise<number> {
    return this.#endBecause(reason, now, 'account_id = $3', [accountId])
  }

  /** Ends all sessions of an account but one; returns how many there were. */
  async endOthersOf(accountId: string, keptSessionId: string, reason: EndReason, now: Date): Promise<number> {
    return this.#endBecause(reason, now, 'account_id = $3 and id <> $4', [accountId, keptSessionId])
  }

  /** Ends one session of an account; false when the account has no such session. */
  async endOne(accountId: string, sessionId: string, reason: EndReason, now: Date): Promise<boolean> {
    return (await this.#endBecause(reason, now, 'account_id = $3 and id = $4', [accountId, sessionId])) === 1
  }

  /** Gives a session another token, so that the old one is worth nothing; false when it has expired or is no more. */
  async replaceToken(oldHash: Buffer, newHash: Buffer, now: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `update sessions
       set token_hash = $2
       where token_hash = $1
         and expires_at > $3`,
      [oldHash, newHash, now],
    )
    return rowCount === 1
  }

  /** Whether this session is there and has this token. */
  async isHeld(id: string, tokenHash: Buffer): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `select from sessions
       where id = $1
         and token_hash = $2`,
      [id, tokenHash],
    )
    return rowCount === 1
  }

  /**
   * Notes when sessions were last used; never moves a time back, as nodes report in any order. Like all statements that
   * wait for several sessions it locks them in the order of their ids, so that none wait in a circle.
   */
  async touch(ids: readonly string[], lastUsedAt: readonly Date[]): Promise<void> {
    await this.#database.query({
      name: 'touch sessions',
      text: `
        with used as (
          select sessions.id, used.at
          from unnest($1::uuid[], $2::timestamptz[]) as used (id, at)
          join sessions using (id)
          where last_used_at < used.at
          order by sessions.id
          for update of sessions
        )
        update sessions
        set last_used_at = used.at
        from used
        where sessions.id = used.id`,
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

  async #endBecause(
    reason: EndReason,
    now: Date,
    condition: 'account_id = $3' | 'account_id = $3 and id <> $4' | 'account_id = $3 and id = $4',
    ids: readonly string[],
  ): Promise<number> {
    const { rows } = await this.#database.query<{ count: number }>(
      `with ended as (
         delete from sessions
         where id = any(array(
           select id
           from sessions
           where ${condition}
           order by id
           for update
         ))
         returning token_hash
       ), noted as (
         insert into ended_sessions (token_hash, reason, ended_at)
         select token_hash, $1, $2
         from ended
       )
       select count(*)::int as count
       from ended`,
      [reason, now, ...ids],
    )
    return rows[0]?.count ?? 0
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
