import { randomBytes } from 'node:crypto'
import type { Queryable } from '../database/queryable.js'

/** The longest that there may be. */
const handleBytes = 64

/** The table `user_handles`: a row for each account that has ever set out to make a passkey. */
export class UserHandleStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * The user handle of an account, made when there is none: it tells nothing of the account, which an authenticator may
   * show to whoever finds it (Web Authentication, section 14.6.1).
   *
   * @returns 64 random bytes in base64url; null when the account is gone
   */
  async findOrMake(accountId: string): Promise<string | null> {
    const { rows } = await this.#database.query<{ user_handle: Buffer }>({
      name: 'find or make user handle',
      text: `
        insert into user_handles (account_id, user_handle)
        select id, $2
        from accounts
        where id = $1
        for key share
        on conflict (account_id) do update
        set account_id = excluded.account_id
        returning user_handle`,
      values: [accountId, randomBytes(handleBytes)],
    })
    return rows[0]?.user_handle.toString('base64url') ?? null
  }
}
