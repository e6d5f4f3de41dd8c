import type { Queryable } from '../database/queryable.js'
import type { ValidEmail } from '../email-codes/address-claim.js'
import type { Unsent } from './mailed-sign-in.js'

type Row = {
  email: string | null
  canonical_email: string | null
  unsent_because: Unsent['kind'] | null
  retry_at: Date | null
}

/** Those columns of `pending_sign_ins` that tell of mailed codes. */
export class MailedSignInStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Where codes go while the account has no confirmed address, and why the one that was asked for last was not sent. */
  async find(id: string): Promise<{ wanted: ValidEmail | null; unsent: Unsent | null }> {
    const { rows } = await this.#database.query<Row>({
      name: 'find mail of pending sign-in',
      text: `
        select email, canonical_email, unsent_because, retry_at
        from pending_sign_ins
        where id = $1`,
      values: [id],
    })
    const { email = null, canonical_email: canonical = null } = rows[0] ?? {}
    const wanted = email === null || canonical === null ? null : { email, canonical }
    return { wanted, unsent: toUnsent(rows[0]) }
  }

  /** Has the codes of one go to another address from now on; null for none. */
  async setWanted(id: string, wanted: ValidEmail | null): Promise<void> {
    await this.#database.query({
      name: 'set address of pending sign-in',
      text: `
        update pending_sign_ins
        set email = $2,
            canonical_email = $3
        where id = $1`,
      values: [id, wanted?.email ?? null, wanted?.canonical ?? null],
    })
  }

  /** @param unsent null when the code that was asked for last was sent */
  async noteSending(id: string, unsent: Unsent | null): Promise<void> {
    await this.#database.query({
      name: 'note sending for pending sign-in',
      text: `
        update pending_sign_ins
        set unsent_because = $2,
            retry_at = $3
        where id = $1`,
      values: [id, unsent?.kind ?? null, unsent?.kind === 'tooManyCodes' ? unsent.retryAt : null],
    })
  }
}

function toUnsent(row: Row | undefined): Unsent | null {
  if (row === undefined || row.unsent_because === null) return null
  const { unsent_because: kind, retry_at: retryAt } = row
  return kind === 'tooManyCodes' ? { kind, retryAt: retryAt ?? new Date(0) } : { kind }
}
