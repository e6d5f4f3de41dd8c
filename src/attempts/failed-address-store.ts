import type { Queryable } from '../database/queryable.js'

/** The table `failed_addresses`: how often each client address has failed in its current window. */
export class FailedAddressStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @returns when the window ends in which this address has failed `limit` times or more; null when it may go on */
  async blockedUntil(address: string, now: Date, limit: number): Promise<Date | null> {
    const { rows } = await this.#database.query<{ window_ends_at: Date }>({
      name: 'find blocked address',
      text: `
        select window_ends_at
        from failed_addresses
        where address = $1
          and failures >= $2
          and window_ends_at > $3`,
      values: [address, limit, now],
    })
    return rows[0]?.window_ends_at ?? null
  }

  /**
   * Counts one failure; the first after a window has ended starts the next. Looking first and counting afterwards would
   * let parallel ones through a limit.
   *
   * @param limit how many are counted in a window; null for all
   * @returns how many there are in this window; null, and nothing is counted, when there were so many
   */
  async count(
    address: string,
    now: Date,
    windowSeconds: number,
    limit: number | null,
  ): Promise<number | null> {
    const { rows } = await this.#database.query<{ failures: number }>({
      name: 'count failure of address',
      text: `
        insert into failed_addresses as own (address, failures, window_ends_at)
        values ($1, 1, $3)
        on conflict (address) do update
        set failures = case when own.window_ends_at > $2 then own.failures + 1 else 1 end,
            window_ends_at = case when own.window_ends_at > $2 then own.window_ends_at else $3 end
        where $4::integer is null
           or own.failures < $4
           or own.window_ends_at <= $2
        returning failures`,
      values: [address, now, new Date(now.getTime() + windowSeconds * 1000), limit],
    })
    return rows[0]?.failures ?? null
  }

  /** Forgets at most `limit` addresses whose window has ended; returns how many. */
  async sweep(now: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from failed_addresses
       where address in (
         select address from failed_addresses
         where window_ends_at <= $1
         limit $2
         for update skip locked
       )`,
      [now, limit],
    )
    return rowCount ?? 0
  }
}
