import type { Account } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SignedIn } from './door.js'
import { lockForChange } from './lock-for-change.js'
import type { TellOwner, WayInNews } from './tell-owner.js'
import { visitorEvent } from './visitor-event.js'
import type { Visitor } from './visitor.js'

export type WayInChangeParts = { database: Database; tellOwner: TellOwner; now: () => Date }

/** What came of it; `news`: what was changed, of which the owner is told, in the list of events and by letter. */
export type WayInChange<Outcome> = { news: readonly WayInNews[]; outcome: Outcome }

/**
 * Changes by what an account is entered, for somebody who is signed in to it.
 *
 * @param work in a transaction, with the account locked
 * @returns null when the session has ended
 * @throws DatabaseUnavailable
 */
export async function changeWayIn<Outcome>(
  { database, tellOwner, now }: WayInChangeParts,
  signedIn: SignedIn,
  visitor: Visitor,
  work: (client: Queryable, account: Account) => Promise<WayInChange<Outcome>>,
): Promise<Outcome | null> {
  const done = await database.transaction(async (client) => {
    const account = await lockForChange(signedIn, client)
    if (account === null) return null
    const { news, outcome } = await work(client, account)
    const store = new SecurityEventStore(client)
    const told: WayInNews[] = []
    for (const each of news)
      if (await store.addRepeatable(visitorEvent(account.id, each, visitor, now()))) told.push(each)
    return { account, told, outcome }
  })
  if (done === null) return null
  for (const each of done.told) tellOwner(done.account, each, visitor)
  return done.outcome
}
