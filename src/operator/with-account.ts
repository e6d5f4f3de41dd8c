import { AccountStore, type Account } from '../accounts/account-store.js'
import { parseAccountQuery } from '../accounts/parse-account-query.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import type { SecurityEventKind } from '../security-events/security-event.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { CommandCall } from './command.js'
import type { OperatorHouse } from './operator-house.js'
import { OperatorProblem } from './operator-problem.js'

/**
 * Does something to the account that the first operand of a command names.
 *
 * @returns the account as it was before
 * @throws OperatorProblem when there is none, and what `OperatorHouse.withDatabase` throws
 */
export async function withAccount(
  house: OperatorHouse,
  call: CommandCall,
  work: (account: Account, database: Database) => Promise<void>,
): Promise<Account> {
  return house.withDatabase(async (database) => {
    const account = await findAccount(database, call)
    await work(account, database)
    return account
  })
}

/** Adds what the operator did to an account to what its owner can read, in the transaction of that. */
export async function noteOperatorEvent(
  client: Queryable,
  { id }: Account,
  kind: SecurityEventKind,
  at: Date,
): Promise<void> {
  const event = { accountId: id, kind, at, clientAddress: null, userAgent: null }
  await new SecurityEventStore(client).add([event])
}

async function findAccount(database: Queryable, { operands }: CommandCall): Promise<Account> {
  const typed = operands[0] ?? ''
  const query = parseAccountQuery(typed)
  const account = query === null ? null : await new AccountStore(database).find(query)
  if (account !== null) return account
  throw new OperatorProblem(`There is no account "${typed}". See "latchkey accounts list".`)
}
