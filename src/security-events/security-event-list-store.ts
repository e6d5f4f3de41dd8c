import type { Queryable } from '../database/queryable.js'
import {
  DAILY_EVENT_KINDS,
  SECURITY_EVENT_KINDS,
  type FirstFactorKind,
  type SecurityEvent,
} from './security-event.js'

/** One as its owner reads it, or all of one kind and day; then the rest is that of the last of them. */
export type ListedSecurityEvent = Omit<SecurityEvent, 'accountId' | 'firstFactor'> & {
  /** Null where that is not known, or it is of no sign-in. */
  firstFactor: FirstFactorKind | null
  /** Where a further page goes on. */
  id: string
  count: number
  /** When the first of them was. */
  firstAt: Date
  /** From how many addresses they came. */
  addressCount: number
}

type Row = {
  id: string
  kind: string
  happened_at: Date
  first_at: Date
  count: number
  address_count: number
  client_address: string | null
  user_agent: string | null
  first_factor: FirstFactorKind | null
}

/** Reads the table `security_events` for the owner of an account. */
export class SecurityEventListStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /**
   * The latest events of an account, the last one first; of `DAILY_EVENT_KINDS` those of a day (UTC) that began alike are one, so that
   * nobody can push all else out of sight.
   *
   * @param before only those that come after this one of its events in the list; null to begin with the last
   */
  async list(accountId: string, limit: number, before: string | null = null): Promise<ListedSecurityEvent[]> {
    const { rows } = await this.#database.query<Row>(
      `with listed as (
         select
           max(id) as id,
           min(happened_at) as first_at,
           count(*)::integer as count,
           count(distinct client_address)::integer as address_count
         from security_events
         where account_id = $1
         group by kind, first_factor, case
           when kind = any($4) then date_trunc('day', happened_at, 'UTC')::text
           else id::text
         end
       )
       select id, kind, happened_at, client_address, user_agent, first_factor, first_at, count, address_count
       from listed
       join security_events using (id)
       where $3::bigint is null or (happened_at, id) < (
         select happened_at, id
         from security_events
         where account_id = $1
           and id = $3
       )
       order by happened_at desc, id desc
       limit $2`,
      [accountId, limit, before, DAILY_EVENT_KINDS],
    )
    return rows.flatMap((row) => {
      const kind = SECURITY_EVENT_KINDS.find((each) => each === row.kind)
      // A newer release beside this one may know others.
      if (kind === undefined) return []
      return [
        {
          id: row.id,
          kind,
          at: row.happened_at,
          firstAt: row.first_at,
          count: row.count,
          addressCount: row.address_count,
          clientAddress: row.client_address,
          userAgent: row.user_agent,
          firstFactor: row.first_factor,
        },
      ]
    })
  }
}
