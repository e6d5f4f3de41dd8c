import type { Queryable } from '../database/queryable.js'

/** At most `most` asks since `since`. */
export type AskLimit = { most: number; since: Date }

/** The table `email_code_asks`. */
export class EmailCodeAskStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * Counts one ask with each of some subjects, unless one of them has asked too often. Only in a transaction: it locks
   * them all before it looks, in the order of their names, so that parallel asks wait for each other and never in a circle.
   *
   * @returns null when it was counted; otherwise, and nothing is counted then, the ask that has to be longer ago than
   *   `since` before there can be another
   */
  async count(subjects: readonly string[], now: Date, { most, since }: AskLimit): Promise<Date | null> {
    const { rows } = await this.#database.query<{ asked_at: Date[] }>({
      name: 'lock asks for e-mail codes',
      text: `
        insert into email_code_asks as own (subject, asked_at)
        select subject, '{}'
        from unnest($1::text[]) as subject
        order by subject
        on conflict (subject) do update
        set asked_at = array(select at from unnest(own.asked_at) as at where at > $2 order by at)
        returning asked_at`,
      values: [subjects, since],
    })
    const inTheWay = rows.flatMap(({ asked_at: askedAt }) => askedAt.at(-most) ?? [])
    if (inTheWay.length > 0) return new Date(Math.max(...inTheWay.map((at) => at.getTime())))
    await this.#database.query({
      name: 'count ask for e-mail code',
      text: `
        update email_code_asks
        set asked_at = asked_at || $2::timestamptz
        where subject = any($1)`,
      values: [subjects, now],
    })
    return null
  }

  /** Takes back the ask that was counted at `time` with each of these subjects. */
  async takeBack(subjects: readonly string[], time: Date): Promise<void> {
    await this.#database.query({
      name: 'take back ask for e-mail code',
      // In order, as `count` locks them.
      text: `
        with own as (
          select subject
          from email_code_asks
          where subject = any($1)
          order by subject
          for update
        )
        update email_code_asks
        set asked_at = array_remove(asked_at, $2)
        from own
        where email_code_asks.subject = own.subject`,
      values: [subjects, time],
    })
  }

  /** Forgets at most `limit` subjects whose asks were all before `before`; returns how many. */
  async sweep(before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from email_code_asks
       where subject in (
         select subject from email_code_asks
         where $1 >= all (asked_at)
         limit $2
         for update skip locked
       )`,
      [before, limit],
    )
    return rowCount ?? 0
  }
}
