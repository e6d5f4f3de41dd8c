import type { Queryable } from '../database/queryable.js'
import type { EmailCodePurpose } from './email-code-purpose.js'

export type NewEmailCode = {
  accountId: string
  purpose: EmailCodePurpose
  bearerId: string
  email: string
  canonicalEmail: string
  codeHash: Buffer
  tries: number
  expiresAt: Date
}

/** At most `most` codes of an account and purpose since `since`. */
export type AskLimit = { most: number; since: Date }

/** A try that was counted. */
export type CountedTry = {
  isRight: boolean
  triesLeft: number
  accountId: string
  email: string
  canonicalEmail: string
}

type TryRow = {
  is_right: boolean
  tries_left: number
  account_id: string
  email: string
  canonical_email: string
}

/** The tables `email_codes` and `email_code_asks`. */
export class EmailCodeStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Adds a code. Counting first and adding afterwards would let parallel asks through a limit.
   *
   * @returns false, and nothing is added, when the account has asked too often or is gone
   */
  async add(code: NewEmailCode, now: Date, limit: AskLimit): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: 'add e-mail code',
      text: `
        with asked as (
          insert into email_code_asks as own (account_id, purpose, asked_at)
          select id, $2, array[$9::timestamptz]
          from accounts
          where id = $1
          on conflict (account_id, purpose) do update
          set asked_at = array(select at from unnest(own.asked_at) as at where at > $10) || $9
          where (select count(*) from unnest(own.asked_at) as at where at > $10) < $11
          returning account_id
        )
        insert into email_codes
          (account_id, purpose, bearer_id, email, canonical_email, code_hash, tries_left, expires_at)
        select account_id, $2, $3, $4, $5, $6, $7, $8
        from asked`,
      values: [
        code.accountId,
        code.purpose,
        code.bearerId,
        code.email,
        code.canonicalEmail,
        code.codeHash,
        code.tries,
        code.expiresAt,
        now,
        limit.since,
        limit.most,
      ],
    })
    return rowCount === 1
  }

  /** @returns the earliest time after `since` at which the account asked for a code; null when it did not */
  async firstAskSince(accountId: string, purpose: EmailCodePurpose, since: Date): Promise<Date | null> {
    const { rows } = await this.#database.query<{ first: Date | null }>({
      name: 'find first ask for e-mail code',
      text: `
        select min(at) as first
        from email_code_asks, unnest(asked_at) as at
        where account_id = $1
          and purpose = $2
          and at > $3`,
      values: [accountId, purpose, since],
    })
    return rows[0]?.first ?? null
  }

  /**
   * Makes one try at the newest code of a bearer, and uses it up if it is right. One statement that counts the try before
   * it compares: of parallel tries no more are compared than are left, and only one can be right.
   *
   * @returns null, and nothing is counted, when that code is expired, used, or has no tries left, or when there is none
   */
  async try(
    bearerId: string,
    purpose: EmailCodePurpose,
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
        returning used_at is not null as is_right, tries_left, account_id, email, canonical_email`,
      values: [bearerId, purpose, codeHash, now],
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

  /** The address that the newest unused code of a bearer was sent to, even if it has expired; null when there is none. */
  async findNewest(
    bearerId: string,
    purpose: EmailCodePurpose,
  ): Promise<{ email: string; canonical: string } | null> {
    const { rows } = await this.#database.query<{ email: string; canonical: string }>(
      `select email, canonical_email as canonical
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
  async sweepCodes(now: Date, limit: number): Promise<number> {
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

  /** Forgets at most `limit` accounts' asks where all were before `before`; returns how many. */
  async sweepAsks(before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from email_code_asks
       where (account_id, purpose) in (
         select account_id, purpose from email_code_asks
         where $1 >= all (asked_at)
         limit $2
         for update skip locked
       )`,
      [before, limit],
    )
    return rowCount ?? 0
  }
}
