import type { Queryable } from '../../src/database/queryable.js'
import type { SecurityEvent } from '../../src/security-events/security-event.js'

/** All events of an account as they are kept, the last first. */
export async function readEvents(database: Queryable, accountId: string): Promise<SecurityEvent[]> {
  const { rows } = await database.query<SecurityEvent>(
    `select account_id as "accountId", kind, happened_at as at, client_address as "clientAddress", user_agent as "userAgent"
     from security_events
     where account_id = $1
     order by happened_at desc, id desc`,
    [accountId],
  )
  return rows
}
