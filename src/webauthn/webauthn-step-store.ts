import type { Queryable } from '../database/queryable.js'

/** What an account has to do with passkeys after the password. */
export type WebauthnStepState = {
  /** Since when one is asked for; null when none is. */
  since: Date | null
  /** Whether it has any that could be shown. */
  hasCredentials: boolean
}

/** The table `webauthn_steps`: a row for each account whose owner wants a passkey to be asked for after the password. */
export class WebauthnStepStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  async find(accountId: string): Promise<WebauthnStepState> {
    const { rows } = await this.#database.query<WebauthnStepState>({
      name: 'find webauthn step',
      text: `
        select
          (select since from webauthn_steps where account_id = $1) as since,
          exists (select from webauthn_credentials where account_id = $1) as "hasCredentials"`,
      values: [accountId],
    })
    return rows[0] ?? { since: null, hasCredentials: false }
  }

  /** Which of these accounts have it on. */
  async having(accountIds: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.#database.query<{ account_id: string }>(
      'select account_id from webauthn_steps where account_id = any($1)',
      [accountIds],
    )
    return new Set(rows.map((row) => row.account_id))
  }

  /** @returns false when it was on already */
  async turnOn(accountId: string, now: Date): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `insert into webauthn_steps (account_id, since)
       values ($1, $2)
       on conflict do nothing`,
      [accountId, now],
    )
    return rowCount === 1
  }

  /** @returns false when it was off already */
  async turnOff(accountId: string): Promise<boolean> {
    const { rowCount } = await this.#database.query('delete from webauthn_steps where account_id = $1', [
      accountId,
    ])
    return rowCount === 1
  }
}
