import type { Queryable } from '../database/queryable.js'

/** A passkey as the database keeps it. */
export type StoredPasskey = {
  /** SHA-256; null when the passkey was ended and no other made since. */
  hash: Buffer | null
  createdAt: Date
  isSaved: boolean
  /** The session that it is shown in while it is not saved. */
  sessionId: string | null
  /** The passkey itself, which only that session can open. */
  sealed: Buffer | null
  /** Whether it took the place of another that its owner had been shown. */
  isReplacement: boolean
}

export type NewPasskey = { accountId: string; hash: Buffer; createdAt: Date }

/** For a session to show: once its owner has saved it, only the hash is left. */
export type SealedPasskey = NewPasskey & { sessionId: string; sealed: Buffer }

type PasskeyRow = {
  passkey_hash: Buffer | null
  created_at: Date
  is_saved: boolean
  session_id: string | null
  sealed: Buffer | null
  is_replacement: boolean
}

/** The table `recovery_passkeys`: at most one for each account. A row stays when its passkey is ended. */
export class RecoveryPasskeyStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  async find(accountId: string): Promise<StoredPasskey | null> {
    const { rows } = await this.#database.query<PasskeyRow>({
      name: 'find recovery passkey',
      text: `
        select passkey_hash, created_at, saved_at is not null as is_saved, session_id, sealed, is_replacement
        from recovery_passkeys
        where account_id = $1`,
      values: [accountId],
    })
    return rows[0] ? toPasskey(rows[0]) : null
  }

  /**
   * Puts a passkey that is still to be saved in the place of any other. Account and session are locked first, in the
   * order in which those who remove them lock them.
   *
   * @param choice with `onlyIfDue` one that is saved stays, and so does one that this session has been shown, unless it
   * has the hash `lost`: so of parallel visits in one session all find the same
   * @returns null, and nothing is changed, when another stays or the session has ended
   */
  async put(
    passkey: SealedPasskey,
    choice: { onlyIfDue: boolean; lost: Buffer | null },
  ): Promise<{ isReplacement: boolean } | null> {
    const { rows } = await this.#database.query<{ is_replacement: boolean }>({
      name: 'put recovery passkey',
      text: `
        insert into recovery_passkeys as own (account_id, passkey_hash, created_at, session_id, sealed)
        select accounts.id, $3, $4, sessions.id, $5
        from accounts
        join sessions on account_id = accounts.id
        where accounts.id = $1
          and sessions.id = $2
        for share
        on conflict (account_id) do update
        set passkey_hash = excluded.passkey_hash,
            created_at = excluded.created_at,
            saved_at = null,
            session_id = excluded.session_id,
            sealed = excluded.sealed,
            is_replacement = true,
            was_saved_before = own.was_saved_before or own.saved_at is not null
        where not $6
          or (own.saved_at is null
            and (own.session_id is distinct from excluded.session_id or own.passkey_hash = $7))
        returning is_replacement`,
      values: [
        passkey.accountId,
        passkey.sessionId,
        passkey.hash,
        passkey.createdAt,
        passkey.sealed,
        choice.onlyIfDue,
        choice.lost,
      ],
    })
    return rows[0] ? { isReplacement: rows[0].is_replacement } : null
  }

  /**
   * Puts a passkey that counts as saved in the place of any other, or with `onlyIfDue` only of one that is not saved.
   *
   * @param choice.passwordVersion of the password that was given for it. The lock makes it wait for whoever changes that
   *   at this moment, and then come to nothing
   * @returns whether it did; false also when the account is gone
   */
  async putSaved(
    passkey: NewPasskey,
    choice: { onlyIfDue: boolean; passwordVersion: number },
  ): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'put saved recovery passkey',
      text: `
        insert into recovery_passkeys as own (account_id, passkey_hash, created_at, saved_at)
        select id, $2, $3::timestamptz, $3::timestamptz
        from accounts
        where id = $1
          and password_version = $5
        for share
        on conflict (account_id) do update
        set passkey_hash = excluded.passkey_hash,
            created_at = excluded.created_at,
            saved_at = excluded.saved_at,
            session_id = null,
            sealed = null
        where not $4
          or own.saved_at is null`,
      values: [passkey.accountId, passkey.hash, passkey.createdAt, choice.onlyIfDue, choice.passwordVersion],
    })
    return rowCount === 1
  }

  /**
   * Counts the passkey with this hash as saved; what it was sealed in goes.
   *
   * @returns whether it is the first that the account has saved; null when there is none of that hash to save
   */
  async markSaved(accountId: string, hash: Buffer, now: Date): Promise<{ isFirst: boolean } | null> {
    const { rows } = await this.#database.query<{ is_first: boolean }>({
      name: 'mark recovery passkey saved',
      text: `
        update recovery_passkeys
        set saved_at = $3,
            session_id = null,
            sealed = null
        where account_id = $1
          and passkey_hash = $2
          and saved_at is null
        returning not was_saved_before as is_first`,
      values: [accountId, hash, now],
    })
    return rows[0] ? { isFirst: rows[0].is_first } : null
  }

  /** Ends the passkey of an account; another one is due then. */
  async forget(accountId: string): Promise<void> {
    await this.#database.query(
      `update recovery_passkeys
       set passkey_hash = null,
           saved_at = null,
           session_id = null,
           sealed = null,
           was_saved_before = true
       where account_id = $1`,
      [accountId],
    )
  }
}

function toPasskey(row: PasskeyRow): StoredPasskey {
  return {
    hash: row.passkey_hash,
    createdAt: row.created_at,
    isSaved: row.is_saved,
    sessionId: row.session_id,
    sealed: row.sealed,
    isReplacement: row.is_replacement,
  }
}
