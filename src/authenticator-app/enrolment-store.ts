import type { Queryable } from '../database/queryable.js'
import type { Kept } from '../secrets/operator-seal.js'

type Row = { secret: Buffer; is_sealed: boolean }

/** The table `authenticator_enrolments`: at most one app that is being set up in each session. */
export class EnrolmentStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Begins one in the place of any other of the session. */
  async begin(
    sessionId: string,
    accountId: string,
    { content, isSealed }: Kept,
    expiresAt: Date,
  ): Promise<void> {
    await this.#database.query(
      `insert into authenticator_enrolments (session_id, account_id, secret, is_sealed, expires_at)
       values ($1, $2, $3, $4, $5)
       on conflict (session_id) do update
       set secret = excluded.secret,
           is_sealed = excluded.is_sealed,
           expires_at = excluded.expires_at`,
      [sessionId, accountId, content, isSealed, expiresAt],
    )
  }

  async find(sessionId: string, now: Date): Promise<Kept | null> {
    const { rows } = await this.#database.query<Row>({
      name: 'find authenticator enrolment',
      text: `
        select secret, is_sealed
        from authenticator_enrolments
        where session_id = $1
          and expires_at > $2`,
      values: [sessionId, now],
    })
    const row = rows[0]
    return row ? { content: row.secret, isSealed: row.is_sealed } : null
  }

  async forget(sessionId: string): Promise<void> {
    await this.#database.query('delete from authenticator_enrolments where session_id = $1', [sessionId])
  }

  /** Forgets those of all sessions of an account. */
  async forgetAllOf(accountId: string): Promise<void> {
    await this.#database.query('delete from authenticator_enrolments where account_id = $1', [accountId])
  }

  /** Forgets at most `limit` that are over; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from authenticator_enrolments
       where session_id in (
         select session_id from authenticator_enrolments
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
