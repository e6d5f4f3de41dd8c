import type { Queryable } from '../database/queryable.js'
import type { EmailCodePurpose } from './email-code-purpose.js'

export type NewEmailCode = {
  accountId: string
  purpose: EmailCodePurpose
  bearerId: string
  /** SHA-256 of the token that the code is keyed by. */
  bearerHash: Buffer
  email: string
  canonicalEmail: string
  codeHash: Buffer
  tries: number
  expiresAt: Date
}

/** A try that was counted. */
export type CountedTry = {
  isRight: boolean
  triesLeft: number
  accountId: string
  email: string
  canonicalEmail: string
}

/** A code that is under way, and where it was sent. */
export type SentCode = { email: string; canonical: string; triesLeft: number; expiresAt: Date }

type TryRow = {
  is_right: boolean
  tries_left: number
  account_id: string
  email: string
  canonical_email: string
}

/** The table `email_codes`. */
export class EmailCodeStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @returns its number; null, and nothing is added, when the account is gone */
  async add(code: NewEmailCode): Promise<string | null> {
    const { rows } = await this.#database.query<{ id: string }>({
      name: 'add e-mail code',
      // The account is locked, so that it does not go between the look and the write.
      text: `
        insert into email_codes
          (account_id, purpose, bearer_id, email, canonical_email, code_hash, tries_left, expires_at, bearer_hash)
        select id, $2, $3, $4, $5, $6, $7, $8, $9
        from accounts
        where id = $1
        for key share
        returning id`,
      values: [
        code.accountId,
        code.purpose,
        code.bearerId,
        code.email,
        code.canonicalEmail,
        code.codeHash,
        code.tries,
        code.expiresAt,
        code.bearerHash,
      ],
    })
    return rows[0]?.id ?? null
  }

  /** Has a code expire at another time than it was made with. */
  async setExpiry(id: string, expiresAt: Date): Promise<void> {
    await this.#database.query({
      name: 'set expiry of e-mail code',
      text: 'update email_codes set expires_at = $2 where id = $1',
      values: [id, expiresAt],
    })
  }

  /** Forgets one code; the one before it is the newest again. */
  async forget(id: string): Promise<void> {
    await this.#database.query('delete from email_codes where id = $1', [id])
  }

  /**
   * Makes one try at the newest code of a bearer, and uses it up if it is right. One statement that counts the try before
   * it compares: of parallel tries no more are compared than are left, and only one can be right.
   *
   * @returns null, and nothing is counted, when that code is expired, used, or has no tries left, when its bearer has got
   *   another token since, or when there is none
   */
  async try(
    { bearerId, bearerHash, purpose }: Pick<NewEmailCode, 'bearerId' | 'bearerHash' | 'purpose'>,
    codeHash: Buffer,
    now: Date,
  ): Promise<CountedTry | null> {
    const { rows } = await this.#database.query<TryRow>({
      name: 'try e-mail code',
      text: `
        update email_codes
        set tries_left = tries_left - 1,
            used_at = case when code_hash = $3 then $4::timestamptz end
        where id = (
          select max(id)
          from email_codes
          where bearer_id = $1
            and purpose = $2
        )
          and used_at is null
          and tries_left > 0
          and expires_at > $4
          and bearer_hash = $5
        returning used_at is not null as is_right, tries_left, account_id, email, canonical_email`,
      values: [bearerId, purpose, codeHash, now, bearerHash],
    })
    const row = rows[0]
    if (!row) return null
    return {
      isRight: row.is_right,
      triesLeft: row.tries_left,
      accountId: row.account_id,
      email: row.email,
      canonicalEmail: row.canonical_email,
    }
  }

  /** The newest unused code of a bearer, even if it has expired; null when there is none. */
  async findNewest(bearerId: string, purpose: EmailCodePurpose): Promise<SentCode | null> {
    const { rows } = await this.#database.query<SentCode>(
      `select email, canonical_email as canonical, tries_left as "triesLeft", expires_at as "expiresAt"
       from email_codes
       where bearer_id = $1
         and purpose = $2
         and used_at is null
       order by id desc
       limit 1`,
      [bearerId, purpose],
    )
    return rows[0] ?? null
  }

  /** Forgets every code of an account, so that none counts any more. How often it asked is still known. */
  async forgetAllOf(accountId: string): Promise<void> {
    await this.#database.query('delete from email_codes where account_id = $1', [accountId])
  }

  /** Forgets at most `limit` codes that have expired; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from email_codes
       where id in (
         select id from email_codes
         where expires_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
