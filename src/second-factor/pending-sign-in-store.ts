import type { Queryable } from '../database/queryable.js'
import { hashToken } from '../secrets/hash-token.js'
import type { FirstFactor } from '../sign-in/first-factor.js'

export type NewPendingSignIn = {
  token: string
  accountId: string
  passwordVersion: number
  firstFactor: FirstFactor
  expiresAt: Date
  /** In which they prove again who they are; null for who signs in. */
  sessionId: string | null
  /** What this browser held until now; that sign-in ends. */
  replacedToken: string | null
}

export type StoredPendingSignIn = Omit<NewPendingSignIn, 'token' | 'replacedToken' | 'sessionId'> & {
  id: string
}

type Row = {
  id: string
  account_id: string
  password_version: number
  shown: string | null
  credential_id: string | null
  has_new_uv: boolean
  expires_at: Date
}

/** The table `pending_sign_ins`. Of a token it keeps the SHA-256 alone. */
export class PendingSignInStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @returns its id; null when the account, or the passkey that was shown, is gone, or the session is over */
  async add(pending: NewPendingSignIn): Promise<string | null> {
    const { firstFactor } = pending
    const passkey = firstFactor.kind === 'passkey' ? firstFactor : null
    const { rows } = await this.#database.query<{ id: string }>({
      name: 'add pending sign-in',
      // All are locked, so that none goes between the look and the write.
      text: `
        with replaced as (
          delete from pending_sign_ins
          where token_hash = $5
        ), session as (
          select id
          from sessions
          where id = $6
            and account_id = $2
          for key share
        ), credential as (
          select id
          from webauthn_credentials
          where id = $8
            and account_id = $2
          for key share
        )
        insert into pending_sign_ins
          (token_hash, account_id, password_version, expires_at, session_id, shown, credential_id, has_new_uv)
        select $1, id, $3, $4, $6, $7, $8, $9
        from accounts
        where id = $2
          and ($6::uuid is null or exists (select from session))
          and ($8::uuid is null or exists (select from credential))
        for key share
        returning id`,
      values: [
        hashToken(pending.token),
        pending.accountId,
        pending.passwordVersion,
        pending.expiresAt,
        pending.replacedToken === null ? null : hashToken(pending.replacedToken),
        pending.sessionId,
        firstFactor.kind === 'password' ? null : firstFactor.kind,
        passkey?.credentialId ?? null,
        passkey?.hasNewUv ?? false,
      ],
    })
    return rows[0]?.id ?? null
  }

  /** @param sessionId of a proof; null for a sign-in. What is the one is never found as the other. */
  async find(token: string, sessionId: string | null, now: Date): Promise<StoredPendingSignIn | null> {
    const { rows } = await this.#database.query<Row>({
      name: 'find pending sign-in',
      text: `
        select id, account_id, password_version, expires_at, shown, credential_id, has_new_uv
        from pending_sign_ins
        where token_hash = $1
          and expires_at > $2
          and session_id is not distinct from $3`,
      values: [hashToken(token), now, sessionId],
    })
    const row = rows[0]
    if (!row) return null
    const { id, account_id: accountId, password_version: passwordVersion, expires_at: expiresAt } = row
    return { id, accountId, passwordVersion, firstFactor: toFirstFactor(row), expiresAt }
  }

  /** @returns false when it was removed already */
  async remove(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'remove pending sign-in',
      text: 'delete from pending_sign_ins where id = $1',
      values: [id],
    })
    return rowCount === 1
  }

  /** Ends all of an account. */
  async removeAllOf(accountId: string): Promise<void> {
    await this.#database.query('delete from pending_sign_ins where account_id = $1', [accountId])
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

function toFirstFactor({ shown, credential_id: credentialId, has_new_uv: hasNewUv }: Row): FirstFactor {
  if (credentialId !== null) return { kind: 'passkey', credentialId, hasNewUv }
  return { kind: shown === 'provider' ? 'provider' : 'password' }
}
