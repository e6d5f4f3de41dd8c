import type { Queryable } from '../database/queryable.js'
import type { SecurityEvent } from './security-event.js'

/** Of what somebody signed in can do without end; more of a kind would push all else out of sight. */
const mostOfKind = 5

/** The table `security_events`. */
export class SecurityEventStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** Adds events in their order, in one statement; those of accounts that are gone are passed over. */
  async add(events: readonly SecurityEvent[]): Promise<void> {
    await this.#database.query({
      name: 'add security events',
      // Locked, so that no account goes between the look and the write; in order, see `AccountEmailStore`.
      text: `
        with account as materialized (
          select id
          from accounts
          where id = any($1::uuid[])
          order by id
          for key share
        )
        insert into security_events (account_id, kind, happened_at, client_address, user_agent, first_factor)
        select account.id, event.kind, event.happened_at, event.client_address, event.user_agent, event.first_factor
        from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[])
          with ordinality as event (account_id, kind, happened_at, client_address, user_agent, first_factor, number)
        join account on account.id = event.account_id
        order by event.number`,
      values: [
        events.map(({ accountId }) => accountId),
        events.map(({ kind }) => kind),
        events.map(({ at }) => at),
        events.map(({ clientAddress }) => clientAddress),
        events.map(({ userAgent }) => userAgent),
        events.map(({ firstFactor }) => firstFactor ?? null),
      ],
    })
  }

  /**
   * Adds an event that somebody signed in can cause without end: of its kind the account keeps the newest five.
   *
   * @returns false when there were as many within the hour before, and who is told of each would be flooded
   */
  async addRepeatable({ accountId, kind, at, clientAddress, userAgent }: SecurityEvent): Promise<boolean> {
    const { rows } = await this.#database.query<{ is_rare: boolean }>({
      name: 'add repeatable security event',
      text: `
        with forgotten as (
          delete from security_events
          where id in (
            select id
            from security_events
            where account_id = $1
              and kind = $2
            order by happened_at desc, id desc
            offset $6
          )
          returning happened_at
        ), added as (
          insert into security_events (account_id, kind, happened_at, client_address, user_agent)
          select id, $2, $3, $4, $5
          from accounts
          where id = $1
          for key share
        )
        select coalesce(max(happened_at) <= $3::timestamptz - interval '1 hour', true) as is_rare
        from forgotten`,
      values: [accountId, kind, at, clientAddress, userAgent, mostOfKind - 1],
    })
    return rows[0]?.is_rare === true
  }

  /** Forgets at most `limit` events from before `before`; returns how many. */
  async sweep(before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.#database.query(
      `delete from security_events
       where id in (
         select id from security_events
         where happened_at < $1
         limit $2
         for update skip locked
       )`,
      [before, limit],
    )
    return rowCount ?? 0
  }
}
