import type { Queryable } from '../database/queryable.js'
import type { Kept } from '../secrets/operator-seal.js'

export type StoredApp = { secret: Kept; since: Date }

type Row = { secret: Buffer; is_sealed: boolean; since: Date }

/** The table `authenticator_apps`: at most one for each account. */
export class AuthenticatorAppStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  async find(accountId: string): Promise<StoredApp | null> {
    const { rows } = await this.#database.query<Row>({
      name: 'find authenticator app',
      text: 'select secret, is_sealed, since from authenticator_apps where account_id = $1',
      values: [accountId],
    })
    const row = rows[0]
    return row ? { secret: { content: row.secret, isSealed: row.is_sealed }, since: row.since } : null
  }

  /** Which of these accounts have one. */
  async having(accountIds: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.#database.query<{ account_id: string }>(
      'select account_id from authenticator_apps where account_id = any($1)',
      [accountIds],
    )
    return new Set(rows.map((row) => row.account_id))
  }

  /**
   * Puts one in the place of any other.
   *
   * @param lastStep of the code that was shown to set it up: it counts no second time
   */
  async put(accountId: string, { content, isSealed }: Kept, since: Date, lastStep: number): Promise<void> {
    await this.#database.query(
      `insert into authenticator_apps (account_id, secret, is_sealed, since, last_step)
       values ($1, $2, $3, $4, $5)
       on conflict (account_id) do update
       set secret = excluded.secret,
           is_sealed = excluded.is_sealed,
           since = excluded.since,
           last_step = excluded.last_step`,
      [accountId, content, isSealed, since, lastStep],
    )
  }

  /**
   * Accepts the code of a step, once: of parallel uses one succeeds (RFC 6238, section 5.2), and none of an earlier step.
   *
   * @param secret by which it was compared: another app may have taken its place
   */
  async useStep(accountId: string, { content }: Kept, step: number): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'use step of authenticator app',
      text: `
        update authenticator_apps
        set last_step = $3
        where account_id = $1
          and secret = $2
          and last_step < $3`,
      values: [accountId, content, step],
    })
    return rowCount === 1
  }

  /** @returns false when there was none */
  async remove(accountId: string): Promise<boolean> {
    const { rowCount } = await this.#database.query('delete from authenticator_apps where account_id = $1', [
      accountId,
    ])
    return rowCount === 1
  }
}
