import type { Queryable } from '../database/queryable.js'
import type { ValidEmail } from '../email-codes/address-claim.js'
import { hashToken } from '../secrets/hash-token.js'
import type { Unsent } from './pending-sign-in.js'

export type NewPendingSignIn = {
  token: string
  accountId: string
  passwordVersion: number
  expiresAt: Date
  /** Where codes go while the account has no confirmed address. */
  wanted: ValidEmail | null
  /** What this browser held until now; that sign-in ends. */
  replacedToken: string | null
}

export type StoredPendingSignIn = {
  id: string
  accountId: string
  passwordVersion: number
  expiresAt: Date
  wanted: ValidEmail | null
  unsent: Unsent | null
}

type Row = {
  id: string
  account_id: string
  password_version: number
  expires_at: Date
  email: string | null
  canonical_email: string | null
  unsent_because: Unsent['kind'] | null
  retry_at: Date | null
}

/** The table `pending_sign_ins`. Of a token it keeps the SHA-256 alone. */
export class PendingSignInStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @returns its id; null when the account is gone */
  async add(pending: NewPendingSignIn): Promise<string | null> {
    const { rows } = await this.#database.query<{ id: string }>({
      name: 'add pending sign-in',
      // The account is locked, so that it does not go between the look and the write.
      text: `
        with replaced as (
          delete from pending_sign_ins
          where token_hash = $5
        )
        insert into pending_sign_ins
          (token_hash, account_id, password_version, expires_at, email, canonical_email)
        select $1, id, $3, $4, $6, $7
        from accounts
        where id = $2
        for key share
        returning id`,
      values: [
        hashToken(pending.token),
        pending.accountId,
        pending.passwordVersion,
        pending.expiresAt,
        pending.replacedToken === null ? null : hashToken(pending.replacedToken),
        pending.wanted?.email ?? null,
        pending.wanted?.canonical ?? null,
      ],
    })
    return rows[0]?.id ?? null
  }

  async find(token: string, now: Date): Promise<StoredPendingSignIn | null> {
    const { rows } = await this.#database.query<Row>({
      name: 'find pending sign-in',
      text: `
        select id, account_id, password_version, expires_at, email, canonical_email, unsent_because, retry_at
        from pending_sign_ins
        where token_hash = $1
          and expires_at > $2`,
      values: [hashToken(token), now],
    })
    const row = rows[0]
    if (!row) return null
    return {
      id: row.id,
      accountId: row.account_id,
      passwordVersion: row.password_version,
      expiresAt: row.expires_at,
      wanted:
        row.email === null || row.canonical_email === null
          ? null
          : { email: row.email, canonical: row.canonical_email },
      unsent: toUnsent(row),
    }
  }

  /** Has the codes of one go to another address from now on. */
  async setWanted(id: string, { email, canonical }: ValidEmail): Promise<void> {
    await this.#database.query({
      name: 'set address of pending sign-in',
      text: `
        update pending_sign_ins
        set email = $2,
            canonical_email = $3
        where id = $1`,
      values: [id, email, canonical],
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

  async remove(id: string): Promise<void> {
    await this.#database.query({
      name: 'remove pending sign-in',
      text: 'delete from pending_sign_ins where id = $1',
      values: [id],
    })
  }

  /** Forgets at most `limit` that are over; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from pending_sign_ins
       where id in (
         select id from pending_sign_ins
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}

function toUnsent({ unsent_because: kind, retry_at: retryAt }: Row): Unsent | null {
  if (kind === null) return null
  return kind === 'tooManyCodes' ? { kind, retryAt: retryAt ?? new Date(0) } : { kind }
}
