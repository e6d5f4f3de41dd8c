import type { Account } from '../accounts/account-store.js'
import type { FailureCount } from '../sign-in/failure-count.js'
import type { SignInRefusal } from '../sign-in/sign-in-gate.js'
import type { Busy } from '../sign-in/user-authenticator.js'

/** What somebody has still to show before something sensitive. */
export type ProofNeed =
  | 'nothing'
  /** In the form. */
  | 'password'
  /** More than the form has a field for: there is a page for that. */
  | 'elsewhere'

export type ProofState = {
  need: ProofNeed
  /** False for whom other services alone sign in; true also when the account has just gone. */
  hasPassword: boolean
}

/** Why something that wants the password again may not go ahead. */
export type SudoRefusal =
  | { kind: 'passwordNeeded' }
  | ({ kind: 'incorrectPassword' } & FailureCount)
  | SignInRefusal
  | Busy

/** Why a password that is looked at leads no further. */
export type PasswordRefusal =
  /** The session has ended, or a request beside this one has renewed its token, which the browser learns from that one. */
  { kind: 'sessionOver' } | Exclude<SudoRefusal, { kind: 'passwordNeeded' }>

/** What comes of a password that may be a proof. */
export type FreshProof =
  | {
      kind: 'proved'
      /** Of the session from now on. */ token: string
      /** What makes this browser known. Both cookies are to be written. */ deviceToken: string
    }
  /** It was right, and notes no proof. */
  | { kind: 'secondStepDue'; account: Account }
  | PasswordRefusal

/** What comes of a password that is none. */
export type PasswordLook =
  | {
      kind: 'right'
      /** As it was when its password was checked. */ account: Account
      /** Of the session from now on. */ token: string
      /** What makes this browser known; null when it became no better known. */ deviceToken: string | null
    }
  | PasswordRefusal
