import type { Account } from '../accounts/account-store.js'
import { hashRecoveryPasskey } from '../recovery-passkey/hash-recovery-passkey.js'
import type { RecoveryPasskeyKeeper } from '../recovery-passkey/recovery-passkey-keeper.js'
import type { ProofClaim, RecoveryProof } from './recovery-proof.js'

/** Proves an account by its recovery passkey, which the reset then ends. */
export class PasskeyProof implements RecoveryProof {
  readonly method = 'passkey'
  readonly isGuessable = false
  readonly #keeper: RecoveryPasskeyKeeper

  constructor(keeper: RecoveryPasskeyKeeper) {
    this.#keeper = keeper
  }

  async isSetUpFor(account: Account): Promise<boolean> {
    return this.#keeper.has(account.id)
  }

  isReadable(typed: readonly string[]): boolean {
    return hashRecoveryPasskey(typed[0] ?? '') !== null
  }

  async isRight({ recovery, typed }: ProofClaim): Promise<boolean> {
    return this.#keeper.matches(recovery.accountId, typed[0] ?? '')
  }
}
