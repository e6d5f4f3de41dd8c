import type { Queryable } from '../database/queryable.js'

/** When a row of failures stops further tries; durations in seconds. */
export type AttemptLimits = {
  failuresBeforeCooldown: number
  cooldownSeconds: number
  /** Up to which each cooldown is twice as long as the one before; all are alike without it. */
  longestCooldownSeconds?: number
  /** Null where nothing is ever locked: after each cooldown the count begins anew. */
  failuresBeforeLock: number | null
  /** How many an attempt without a captcha may come after; left out where none is asked for. */
  failuresBeforeCaptcha?: number
}

/** Who fails: an account for strangers, one of its known devices, or a name that nobody has. */
export type Subject = { key: string; accountId: string | null }

/** An address from which `limit` failures within its window stop all further tries. */
export type AddressBar = { address: string; limit: number }

/** An attempt that was counted: the how-manieth of its series, which ends with a success. */
export type CountedAttempt = {
  number: number
  series: string
  /** Until when there is no further one, should this one fail. */
  cooldownUntil: Date | null
}

export type AttemptState = { failures: number; cooldownUntil: Date | null; isLocked: boolean }

type StateRow = { failures: number; cooldown_until: Date | null; is_locked: boolean }

/** The table `failed_attempts`: a row for each subject that has failed since it last succeeded. */
export class FailedAttemptStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Counts an attempt as failed until it is known better, and starts the cooldown or the lock that comes with that
   * number. One statement, before hashing: counting afterwards lets parallel guesses through.
   *
   * @param bar null for whoever no limit by address stops
   * @returns null, and nothing is counted, while the subject is cooling down or locked, while the address is stopped, when
   * a captcha is wanted, or when the account is gone
   */
  async count(
    subject: Subject,
    now: Date,
    limits: AttemptLimits,
    bar: AddressBar | null,
  ): Promise<CountedAttempt | null> {
    const { rows } = await this.#database.query<CountedAttempt>({
      name: 'count attempt',
      // The account is locked, so that it does not go between the look and the write.
      text: `
        with account as (
          select
          from accounts
          where id = $2
          for key share
        )
        insert into failed_attempts as own (subject, account_id, failures, last_failure_at)
        select $1, $2::uuid, 1, $3::timestamptz
        where ($2::uuid is null or exists (select from account))
          and ($10::integer is null or $10 > 0)
          and not exists (
            select
            from failed_addresses
            where address = $7
              and failures >= $8
              and window_ends_at > $3
          )
        on conflict (subject) do update
        set failures = case when $6::integer is null and own.cooldown_until is not null then 1 else own.failures + 1 end,
            series = case when $6 is null and own.cooldown_until is not null then gen_random_uuid() else own.series end,
            last_failure_at = $3,
            cooldown_until = case
              when $6 is null and own.cooldown_until is not null then null
              when own.failures + 1 = $4 or $6 is null and own.failures + 1 > $4
                then $3 + make_interval(secs => least($5 * 2 ^ least(own.cooldowns, 30), $9))
            end,
            cooldowns = own.cooldowns + case
              when $6 is null and own.cooldown_until is not null then 0
              when own.failures + 1 = $4 or $6 is null and own.failures + 1 > $4 then 1
              else 0
            end,
            locked_at = case when own.failures + 1 >= $6 then $3 end
        where own.locked_at is null
          and (own.cooldown_until is null or own.cooldown_until <= $3)
          and ($10 is null or own.failures < $10)
        returning failures as number, series, cooldown_until as "cooldownUntil"`,
      values: [
        subject.key,
        subject.accountId,
        now,
        limits.failuresBeforeCooldown,
        limits.cooldownSeconds,
        limits.failuresBeforeLock,
        bar?.address ?? null,
        bar?.limit ?? null,
        limits.longestCooldownSeconds ?? limits.cooldownSeconds,
        limits.failuresBeforeCaptcha ?? null,
      ],
    })
    return rows[0] ?? null
  }

  async find(key: string): Promise<AttemptState | null> {
    const { rows } = await this.#database.query<StateRow>({
      name: 'find attempts',
      text: `
        select failures, cooldown_until, locked_at is not null as is_locked
        from failed_attempts
        where subject = $1`,
      values: [key],
    })
    const row = rows[0]
    return row ? { failures: row.failures, cooldownUntil: row.cooldown_until, isLocked: row.is_locked } : null
  }

  /**
   * Forgets all failures after attempt `number` turned out right.
   *
   * @returns false when a later attempt has locked the subject meanwhile; nothing is forgotten then
   */
  async forget(key: string, number: number): Promise<boolean> {
    const { rows } = await this.#database.query<{ is_locked: boolean }>({
      name: 'forget attempts',
      text: `
        with own as (
          select subject, locked_at is not null and failures <> $2 as is_locked
          from failed_attempts
          where subject = $1
          for update
        ), forgotten as (
          delete from failed_attempts
          using own
          where failed_attempts.subject = own.subject
            and not own.is_locked
        )
        select exists (select from own where is_locked) as is_locked`,
      values: [key, number],
    })
    return rows[0]?.is_locked !== true
  }

  /**
   * Takes back one attempt whose password was not looked at, with the cooldown or lock that it started. Where its series
   * has ended nothing is left to take back.
   */
  async takeBack(key: string, series: string, limits: AttemptLimits): Promise<void> {
    await this.#database.query({
      name: 'take attempt back',
      text: `
        update failed_attempts
        set failures = failures - 1,
            cooldown_until = case when failures <> $2 then cooldown_until end,
            cooldowns = cooldowns - case when failures = $2 and cooldown_until is not null then 1 else 0 end,
            locked_at = case when failures > $3 then locked_at end
        where subject = $1
          and series = $4
          and failures > 0`,
      values: [key, limits.failuresBeforeCooldown, limits.failuresBeforeLock, series],
    })
  }

  /** Lifts every cooldown and lock of an account, those of its known devices too; tells whether there was one. */
  async liftAllOf(accountId: string, now: Date): Promise<boolean> {
    const { rows } = await this.#database.query<{ was_stopped: boolean }>(
      `with lifted as (
         delete from failed_attempts
         where account_id = $1
         returning locked_at, cooldown_until
       )
       select exists (
         select from lifted
         where locked_at is not null or cooldown_until > $2
       ) as was_stopped`,
      [accountId, now],
    )
    return rows[0]?.was_stopped === true
  }

  /** Forgets at most `limit` subjects that are not locked and have not failed since `before`; returns how many. */
  async sweep(before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from failed_attempts
       where subject in (
         select subject from failed_attempts
         where locked_at is null and last_failure_at < $1
         limit $2
         for update skip locked
       )`,
      [before, limit],
    )
    return rowCount ?? 0
  }
}
