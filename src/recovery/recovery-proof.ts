import type { Account } from '../accounts/account-store.js'
import type { Queryable } from '../database/queryable.js'
import type { ProofMethod } from './recovery-method.js'
import type { Recovery } from './recovery-store.js'

/** A try at a proof. */
export type ProofClaim = {
  /** Of a name that nobody has, too: nothing proves that one. */
  recovery: Recovery
  typed: readonly string[]
  /** Aborts when they have gone. */
  signal: AbortSignal
  now: Date
}

/** A socket: each way to prove that an account is one's own plugs in here. */
export type RecoveryProof = {
  readonly method: ProofMethod
  /** Whether it could be found by trying, so that all strangers share one count of failures. */
  readonly isGuessable: boolean
  /** Whether the account has this way. */
  isSetUpFor: (account: Account) => Promise<boolean>
  /** Whether it can be such a proof at all; what cannot is no try. */
  isReadable: (typed: readonly string[]) => boolean
  /** Compares; for nobody it takes as long. Not within a transaction, where hashing would hold a connection. */
  isRight: (claim: ProofClaim) => Promise<boolean>
  /** For what counts once: uses it up in the transaction that notes the proof; false when somebody else was first. */
  useUp?: (claim: ProofClaim, client: Queryable) => Promise<boolean>
}
