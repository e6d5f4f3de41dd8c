import { AccountStore, type Account } from '../accounts/account-store.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import { PendingSignInStore } from '../second-factor/pending-sign-in-store.js'
import type { SecurityEventKind } from '../security-events/security-event.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import type { TellOwner } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { Identity } from './identity.js'
import { LinkedIdentityStore, type LinkedIdentity } from './linked-identity-store.js'

/** What a newcomer wants to be called here. */
export type NewcomerWish = {
  username: { username: string; canonical: string }
  email: { email: string; canonical: string } | null
}

export type AddOutcome =
  | { kind: 'added' | 'known'; account: Account }
  | { kind: 'usernameUnavailable' }
  | { kind: 'emailUnavailable' }

/** A name that was somebody's ends the transaction, which then has to be rolled back. */
class AddRefused extends Error {
  readonly outcome: AddOutcome

  constructor(outcome: AddOutcome) {
    super(outcome.kind)
    this.outcome = outcome
  }
}

export type LinkOutcome = { kind: 'linked' } | { kind: 'identityTaken' } | { kind: 'sessionOver' }
export type UnlinkOutcome = { kind: 'unlinked' } | { kind: 'passwordMissing' } | { kind: 'sessionOver' }

export type IdentityKeeperParts = {
  database: Database
  tellOwner: TellOwner
  /** The hash of no password. */
  decoyHash: string
  now: () => Date
}

/**
 * Which account an identity at another service opens: found by issuer and subject, and linked to an account that is there
 * by nobody but its owner, signed in to it. Knows no tokens and no pages.
 */
export class IdentityKeeper {
  readonly #parts: IdentityKeeperParts

  constructor(parts: IdentityKeeperParts) {
    this.#parts = parts
  }

  /** @returns null when the identity is nobody's */
  async find(identity: Identity): Promise<Account | null> {
    return this.#find(identity, this.#parts.database)
  }

  /** Those of an account, the oldest first. */
  async findAllOf(accountId: string): Promise<LinkedIdentity[]> {
    return new LinkedIdentityStore(this.#parts.database).findAllOf(accountId)
  }

  /** Makes an account without a password for somebody who is new here; of parallel ones for one identity, one is made. */
  async add(identity: Identity, wish: NewcomerWish, visitor: Visitor): Promise<AddOutcome> {
    try {
      return await this.#parts.database.transaction((client) => this.#add(client, identity, wish, visitor))
    } catch (error) {
      if (error instanceof AddRefused) return error.outcome
      throw error
    }
  }

  /** Has an identity open the account of somebody who is signed in; that they were asked anew is up to its callers. */
  async link(signedIn: SignedIn, identity: Identity, visitor: Visitor): Promise<LinkOutcome> {
    const { database, tellOwner, now } = this.#parts
    const outcome = await database.transaction(async (client) => {
      const account = await lockForChange(signedIn, client)
      if (account === null) return { kind: 'sessionOver' as const }
      const identities = new LinkedIdentityStore(client)
      const isAdded = await identities.add(identity, account.id, now())
      if (isAdded) await this.#note(client, account, 'identityLinked', visitor)
      const isOwn = isAdded || (await identities.findOwner(identity))?.accountId === account.id
      return isOwn ? { kind: 'linked' as const, account, isAdded } : { kind: 'identityTaken' as const }
    })
    if (outcome.kind !== 'linked') return outcome
    if (outcome.isAdded) tellOwner(outcome.account, 'identityLinked', visitor)
    return { kind: 'linked' }
  }

  /**
   * Has an account be opened by that service no more, unless there is nothing else that opens it. Sign-ins under way end;
   * sessions stay, as other browsers of the owner came by it, too.
   */
  async unlink(signedIn: SignedIn, issuer: string, visitor: Visitor): Promise<UnlinkOutcome> {
    const { database, tellOwner } = this.#parts
    const outcome = await database.transaction(async (client) => {
      const account = await lockForChange(signedIn, client)
      if (account === null) return { kind: 'sessionOver' as const }
      if (!account.hasPassword) return { kind: 'passwordMissing' as const }
      const isRemoved = await new LinkedIdentityStore(client).remove(account.id, issuer)
      if (isRemoved) {
        // Also those begun by the password, whose owner begins again.
        await new PendingSignInStore(client).removeAllOf(account.id)
        await this.#note(client, account, 'identityUnlinked', visitor)
      }
      return { kind: 'unlinked' as const, account, isRemoved }
    })
    if (outcome.kind !== 'unlinked') return outcome
    if (outcome.isRemoved) tellOwner(outcome.account, 'identityUnlinked', visitor)
    return { kind: 'unlinked' }
  }

  /** @throws AddRefused */
  async #add(
    client: Queryable,
    identity: Identity,
    { username, email }: NewcomerWish,
    visitor: Visitor,
  ): Promise<AddOutcome> {
    const { decoyHash, now } = this.#parts
    const identities = new LinkedIdentityStore(client)
    await identities.lock(identity)
    const known = await this.#find(identity, client)
    if (known !== null) return { kind: 'known', account: known }
    const outcome = await new AccountStore(client).add({
      username: username.username,
      canonicalUsername: username.canonical,
      email: email?.email ?? null,
      canonicalEmail: email?.canonical ?? null,
      // The word of another service is not enough.
      emailConfirmedAt: null,
      passwordHash: decoyHash,
      hasPassword: false,
      createdAt: now(),
    })
    if (outcome.kind !== 'added') throw new AddRefused(outcome)
    await identities.add(identity, outcome.account.id, now())
    await this.#note(client, outcome.account, 'registered', visitor)
    return outcome
  }

  async #find(identity: Identity, client: Queryable): Promise<Account | null> {
    const owner = await new LinkedIdentityStore(client).findOwner(identity)
    if (owner === null) return null
    const account = await new AccountStore(client).findById(owner.accountId)
    // A reset of the password unlinks: an account as it is afterwards is not opened by what was read before.
    return account?.passwordVersion === owner.passwordVersion ? account : this.#find(identity, client)
  }

  async #note(client: Queryable, { id }: Account, kind: SecurityEventKind, visitor: Visitor): Promise<void> {
    await new SecurityEventStore(client).add([visitorEvent(id, kind, visitor, this.#parts.now())])
  }
}
