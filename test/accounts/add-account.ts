import { randomUUID } from 'node:crypto'
import { AccountStore } from '../../src/accounts/account-store.js'
import type { Database } from '../../src/database/database.js'

/** Adds an account of a name that nobody has; returns its id. */
export async function addAccount(database: Database): Promise<string> {
  const name = randomUUID().slice(0, 12)
  const added = await new AccountStore(database).add({
    username: name,
    canonicalUsername: name,
    email: null,
    canonicalEmail: null,
    emailConfirmedAt: null,
    passwordHash: '',
    createdAt: new Date('2026-01-01T00:00:00Z'),
  })
  return added.kind === 'added' ? added.account.id : ''
}
