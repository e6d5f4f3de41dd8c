import type { Account } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import type { TellOwner } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import { CredentialStore } from './credential-store.js'
import type { NewCredential } from './credential.js'

/** Far more than anybody has devices; without an end one session could fill the database. */
export const mostCredentials = 20

export type AddOutcome =
  | { kind: 'added'; id: string }
  /** An account has it already. */
  | { kind: 'known' }
  | { kind: 'tooMany' }
  | { kind: 'sessionOver' }

export type CredentialKeeperParts = { database: Database; tellOwner: TellOwner; now: () => Date }

/** The passkeys of an account: adds and removes them, and tells its owner. That the password was asked for is up to its callers. */
export class CredentialKeeper {
  readonly #parts: CredentialKeeperParts

  constructor(parts: CredentialKeeperParts) {
    this.#parts = parts
  }

  /** @throws DatabaseUnavailable */
  async add(
    signedIn: SignedIn,
    name: string,
    credential: NewCredential,
    visitor: Visitor,
  ): Promise<AddOutcome> {
    const { now } = this.#parts
    return this.#change(signedIn, 'credentialAdded', visitor, async (account, client) => {
      const store = new CredentialStore(client)
      if ((await store.countOf(account.id)) >= mostCredentials) return { kind: 'tooMany' as const }
      const id = await store.add(account.id, name, credential, now())
      return id === null ? { kind: 'known' as const } : { kind: 'added' as const, id }
    })
  }

  /** @throws DatabaseUnavailable */
  async remove(
    signedIn: SignedIn,
    id: string,
    visitor: Visitor,
  ): Promise<{ kind: 'removed' | 'gone' | 'sessionOver' }> {
    return this.#change(signedIn, 'credentialRemoved', visitor, async (account, client) => ({
      kind: (await new CredentialStore(client).remove(account.id, id)) ? 'removed' : 'gone',
    }))
  }

  /** @param work changes something when it says `added` or `removed`, of which the owner is told */
  async #change<Outcome extends { kind: string }>(
    signedIn: SignedIn,
    kind: 'credentialAdded' | 'credentialRemoved',
    visitor: Visitor,
    work: (account: Account, client: Queryable) => Promise<Outcome>,
  ): Promise<Outcome | { kind: 'sessionOver' }> {
    const { database, tellOwner, now } = this.#parts
    const done = await database.transaction(async (client) => {
      const account = await lockForChange(signedIn, client)
      if (account === null) return null
      const outcome = await work(account, client)
      const isChange = outcome.kind === 'added' || outcome.kind === 'removed'
      const event = visitorEvent(account.id, kind, visitor, now())
      const isToBeTold = isChange && (await new SecurityEventStore(client).addRepeatable(event))
      return { account, outcome, isToBeTold }
    })
    if (done === null) return { kind: 'sessionOver' }
    if (done.isToBeTold) tellOwner(done.account, kind, visitor)
    return done.outcome
  }
}
