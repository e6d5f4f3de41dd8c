import type { Queryable } from '../database/queryable.js'
import type {
  Credential,
  CredentialDescriptor,
  CredentialKey,
  CredentialUse,
  NewCredential,
} from './credential.js'

type KeyRow = {
  id: string
  account_id: string
  password_version: number
  user_handle: Buffer
  public_key: Buffer
  uv_initialized: boolean
  backup_eligible: boolean | null
}

/** The table `webauthn_credentials`. */
export class CredentialStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @param credentialId in base64url */
  async findKey(credentialId: string): Promise<CredentialKey | null> {
    const { rows } = await this.#database.query<KeyRow>({
      name: 'find webauthn credential',
      text: `
        select
          webauthn_credentials.id, account_id, password_version, user_handle, public_key, uv_initialized, backup_eligible
        from webauthn_credentials
        join user_handles using (account_id)
        join accounts on accounts.id = account_id
        where credential_id = $1`,
      values: [Buffer.from(credentialId, 'base64url')],
    })
    const [row] = rows
    if (row === undefined) return null
    return {
      id: row.id,
      accountId: row.account_id,
      passwordVersion: row.password_version,
      credentialId,
      userHandle: row.user_handle.toString('base64url'),
      publicKey: new Uint8Array(row.public_key),
      isUvInitialized: row.uv_initialized,
      isBackupEligible: row.backup_eligible,
    }
  }

  /** Those of an account, the oldest first. */
  async findAllOf(accountId: string): Promise<Credential[]> {
    const { rows } = await this.#database.query<Credential>({
      name: 'find webauthn credentials of account',
      text: `
        select id, name, is_backed_up as "isBackedUp", created_at as "createdAt", last_used_at as "lastUsedAt"
        from webauthn_credentials
        where account_id = $1
        order by created_at, id`,
      values: [accountId],
    })
    return rows
  }

  async countOf(accountId: string): Promise<number> {
    const { rows } = await this.#database.query<{ count: number }>({
      name: 'count webauthn credentials of account',
      text: `
        select count(*)::integer as count
        from webauthn_credentials
        where account_id = $1`,
      values: [accountId],
    })
    return rows[0]?.count ?? 0
  }

  /** @param isProving whether only those count whose PIN, finger or face is a factor */
  async describeAllOf(accountId: string, isProving = false): Promise<CredentialDescriptor[]> {
    const { rows } = await this.#database.query<{ credential_id: Buffer; transports: string[] }>({
      name: 'describe webauthn credentials of account',
      text: `
        select credential_id, transports
        from webauthn_credentials
        where account_id = $1
          and (uv_initialized or not $2)
        order by created_at, id`,
      values: [accountId, isProving],
    })
    return rows.map(({ credential_id: id, transports }) => ({
      type: 'public-key',
      id: id.toString('base64url'),
      transports,
    }))
  }

  /** @returns its id; null when an account has it already */
  async add(accountId: string, name: string, credential: NewCredential, now: Date): Promise<string | null> {
    const { rows } = await this.#database.query<{ id: string }>(
      `insert into webauthn_credentials
         (credential_id, account_id, public_key, sign_count, transports, name, is_backed_up, backup_eligible,
           uv_initialized, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict do nothing
       returning id`,
      [
        Buffer.from(credential.credentialId, 'base64url'),
        accountId,
        credential.publicKey,
        credential.signCount,
        credential.transports,
        name,
        credential.isBackedUp,
        credential.isBackupEligible,
        credential.isUserVerified,
        now,
      ],
    )
    return rows[0]?.id ?? null
  }

  /**
   * Notes that it has signed. One statement, so that of two uses with the same count one is noted.
   *
   * @returns false when its count has not gone up, though the authenticator counts: Web Authentication, section 6.1.1
   */
  async noteUse(
    id: string,
    { signCount, isBackedUp, isBackupEligible, at }: CredentialUse,
  ): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'note use of webauthn credential',
      text: `
        update webauthn_credentials
        set sign_count = $2,
            is_backed_up = $3,
            backup_eligible = $5,
            last_used_at = $4
        where id = $1
          and (sign_count < $2 or (sign_count = 0 and $2 = 0))`,
      values: [id, signCount, isBackedUp, at, isBackupEligible],
    })
    return rowCount === 1
  }

  /** Notes that its authenticator has verified its owner, who has shown another factor, too. */
  async initializeUv(id: string): Promise<void> {
    await this.#database.query({
      name: 'initialize uv of webauthn credential',
      text: 'update webauthn_credentials set uv_initialized = true where id = $1',
      values: [id],
    })
  }

  /** @returns false when the account has no such passkey */
  async rename(accountId: string, id: string, name: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `update webauthn_credentials
       set name = $3
       where id = $2
         and account_id = $1`,
      [accountId, id, name],
    )
    return rowCount === 1
  }

  async removeAllOf(accountId: string): Promise<void> {
    await this.#database.query('delete from webauthn_credentials where account_id = $1', [accountId])
  }

  /** @returns whether the account had it */
  async remove(accountId: string, id: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `delete from webauthn_credentials
       where id = $2
         and account_id = $1`,
      [accountId, id],
    )
    return rowCount === 1
  }
}
