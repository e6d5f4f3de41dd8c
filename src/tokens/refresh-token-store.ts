import type { Queryable } from '../database/queryable.js'

/** A refresh token that has not expired, as the database keeps it, and the session that it belongs to. */
export type RefreshToken = {
  tokenHash: Buffer
  sessionId: string
  /** As `tokenKey` makes it. */
  sessionKey: string
  accountId: string
  expiresAt: Date
  /** Null while it is the newest of its family. */
  usedAt: Date | null
  /** The token that took its place, sealed; null while none has. */
  sealedSuccessor: Buffer | null
}

export type Rotation = {
  tokenHash: Buffer
  successorHash: Buffer
  sealedSuccessor: Buffer
  now: Date
  expiresAt: Date
}

/** Used ones that a session keeps at most: of more, the oldest are no longer told from tokens that never were. */
const mostUsed = 1000

/** The table `refresh_tokens`. Tokens reach it only as hashes, or sealed. */
export class RefreshTokenStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Begins the family of a session. The session is locked, so that it does not end in between.
   *
   * @param expiresAt unless the session expires before
   * @returns when it expires; null, and nothing is added, when the session is no more
   */
  async add(tokenHash: Buffer, sessionTokenHash: Buffer, expiresAt: Date): Promise<Date | null> {
    const { rows } = await this.#database.query<{ expires_at: Date }>({
      name: 'add refresh token',
      text: `
        insert into refresh_tokens (token_hash, session_id, password_version, expires_at)
        select $1, sessions.id, password_version, least($3::timestamptz, sessions.expires_at)
        from sessions
        join accounts on accounts.id = account_id
        where sessions.token_hash = $2
        for key share of sessions
        returning expires_at`,
      values: [tokenHash, sessionTokenHash, expiresAt],
    })
    return rows[0]?.expires_at ?? null
  }

  /** Those of these that have not expired, and whose account has had no other password since. */
  async find(tokenHashes: readonly Buffer[], now: Date): Promise<RefreshToken[]> {
    const { rows } = await this.#database.query<RefreshToken>({
      name: 'find refresh tokens',
      text: `
        select refresh_tokens.token_hash as "tokenHash", session_id as "sessionId",
          encode(sessions.token_hash, 'hex') as "sessionKey", account_id as "accountId",
          refresh_tokens.expires_at as "expiresAt", used_at as "usedAt", sealed_successor as "sealedSuccessor"
        from refresh_tokens
        join sessions on sessions.id = session_id
        join accounts on accounts.id = account_id
        where refresh_tokens.token_hash = any($1)
          and refresh_tokens.expires_at > $2
          and accounts.password_version = refresh_tokens.password_version`,
      values: [tokenHashes, now],
    })
    return rows
  }

  /**
   * Uses a token up and puts another in its place. One statement: of parallel uses one wins, and none does whose session
   * has ended. The session is locked first, as it is by whoever ends it.
   *
   * @returns when the new one expires; null, and nothing is changed, when the old one was used or counts no more
   */
  async rotate(rotation: Rotation): Promise<Date | null> {
    const { rows } = await this.#database.query<{ expires_at: Date }>({
      name: 'rotate refresh token',
      text: `
        with held as (
          select least($5::timestamptz, sessions.expires_at) as expires_at
          from refresh_tokens
          join sessions on sessions.id = session_id
          join accounts on accounts.id = account_id
          where refresh_tokens.token_hash = $1
            and sessions.expires_at > $4
            and accounts.password_version = refresh_tokens.password_version
          for key share of sessions
        ), used as (
          update refresh_tokens
          set used_at = $4, sealed_successor = $3
          from held
          where token_hash = $1
            and used_at is null
            and refresh_tokens.expires_at > $4
          returning session_id, password_version, held.expires_at
        ), crowded as (
          delete from refresh_tokens
          where token_hash = any(array(
            select token_hash
            from refresh_tokens
            where session_id = (select session_id from used)
              and used_at is not null
            order by used_at desc
            offset $6
          ))
        )
        insert into refresh_tokens (token_hash, session_id, password_version, expires_at)
        select $2, session_id, password_version, expires_at
        from used
        returning expires_at`,
      values: [
        rotation.tokenHash,
        rotation.successorHash,
        rotation.sealedSuccessor,
        rotation.now,
        rotation.expiresAt,
        mostUsed,
      ],
    })
    return rows[0]?.expires_at ?? null
  }

  /** Makes rotations of this session wait until the end of the transaction, and waits for those under way. */
  async lockFamily(sessionId: string): Promise<void> {
    await this.#database.query(
      `select from sessions
       where id = $1
       for update`,
      [sessionId],
    )
  }

  /** Ends the family of a session; returns whether there was one. */
  async endFamily(sessionId: string): Promise<boolean> {
    const { rowCount } = await this.#database.query('delete from refresh_tokens where session_id = $1', [
      sessionId,
    ])
    return (rowCount ?? 0) > 0
  }

  /** Forgets at most `limit` tokens that have expired; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from refresh_tokens
       where token_hash in (
         select token_hash from refresh_tokens
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
