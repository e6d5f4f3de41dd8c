import type { AccountStore } from '../accounts/account-store.js'
import { recoveryMethods, type ProofMethod, type RecoveryMethod } from './recovery-method.js'
import type { RecoveryProof } from './recovery-proof.js'
import type { Recovery } from './recovery-store.js'

export type RecoveryOfferParts = {
  proofs: ReadonlyMap<ProofMethod, RecoveryProof>
  accountStore: AccountStore
  revealAccountExistence: boolean
}

/** Which ways back somebody is offered: those that the account has, or all alike where nobody may learn what it has. */
export class RecoveryOffer {
  readonly #parts: RecoveryOfferParts

  constructor(parts: RecoveryOfferParts) {
    this.#parts = parts
  }

  async methodsOf({ accountId }: Recovery): Promise<RecoveryMethod[]> {
    const { proofs, accountStore, revealAccountExistence } = this.#parts
    const enabled = recoveryMethods.filter((method) => proofs.has(method))
    if (!revealAccountExistence) return enabled
    const account = accountId === null ? null : await accountStore.findById(accountId)
    if (account === null) return []
    const isSetUp = await Promise.all(enabled.map(async (method) => proofs.get(method)?.isSetUpFor(account)))
    return enabled.filter((_, index) => isSetUp[index])
  }
}
