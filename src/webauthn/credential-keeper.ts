import type { Queryable } from '../database/queryable.js'
import { changeWayIn, type WayInChangeParts } from '../sign-in/change-way-in.js'
import type { SignedIn } from '../sign-in/door.js'
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

export type RemoveOutcome =
  /** `isStepOff`: it was the last, so that none can be asked for after the password any more. */
  | { kind: 'removed'; isStepOff: boolean }
  /** The account has no such passkey. */
  | { kind: 'gone' }
  | { kind: 'sessionOver' }

export type CredentialKeeperParts = WayInChangeParts & {
  /**
   * Has no passkey asked for after the password, in the same transaction.
   *
   * @returns false when none was
   */
  endStep: (accountId: string, client: Queryable) => Promise<boolean>
}

/** The passkeys of an account: adds and removes them, and tells its owner. That it was proved who asks is up to its callers. */
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
    const parts = this.#parts
    const outcome = await changeWayIn<AddOutcome>(parts, signedIn, visitor, async (client, account) => {
      const store = new CredentialStore(client)
      if ((await store.countOf(account.id)) >= mostCredentials)
        return { news: [], outcome: { kind: 'tooMany' } }
      const id = await store.add(account.id, name, credential, parts.now())
      if (id === null) return { news: [], outcome: { kind: 'known' } }
      return { news: ['credentialAdded'], outcome: { kind: 'added', id } }
    })
    return outcome ?? { kind: 'sessionOver' }
  }

  /** @throws DatabaseUnavailable */
  async remove(signedIn: SignedIn, id: string, visitor: Visitor): Promise<RemoveOutcome> {
    const parts = this.#parts
    const outcome = await changeWayIn<RemoveOutcome>(parts, signedIn, visitor, async (client, account) => {
      const store = new CredentialStore(client)
      if (!(await store.remove(account.id, id))) return { news: [], outcome: { kind: 'gone' } }
      const isStepOff = (await store.countOf(account.id)) === 0 && (await parts.endStep(account.id, client))
      return {
        news: ['credentialRemoved', ...(isStepOff ? (['webauthnStepOff'] as const) : [])],
        outcome: { kind: 'removed', isStepOff },
      }
    })
    return outcome ?? { kind: 'sessionOver' }
  }
}
