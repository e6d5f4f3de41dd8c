import type { Queryable } from '../database/queryable.js'
import type { ProofClaim, RecoveryProof } from './recovery-proof.js'
import { hashResetCode } from '../reset-codes/reset-code.js'
import { ResetCodeStore } from '../reset-codes/reset-code-store.js'

/** Proves an account by the one-time code that the operator issued for it. */
export class ResetCodeProof implements RecoveryProof {
  readonly method = 'code'
  readonly isGuessable = false

  /** Never offered: who has a code knows that. */
  async isSetUpFor(): Promise<boolean> {
    return false
  }

  isReadable(typed: readonly string[]): boolean {
    return hashResetCode(typed[0] ?? '') !== null
  }

  /** All is done by using it up. */
  async isRight(): Promise<boolean> {
    return true
  }

  async useUp({ recovery, typed, now }: ProofClaim, client: Queryable): Promise<boolean> {
    const hash = hashResetCode(typed[0] ?? '')
    return hash !== null && (await new ResetCodeStore(client).useUp(recovery.accountId, hash, now))
  }
}
