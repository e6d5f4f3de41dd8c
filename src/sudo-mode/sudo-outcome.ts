import type { FailureCount } from '../sign-in/failure-count.js'
import type { SignInRefusal } from '../sign-in/sign-in-gate.js'
import type { Busy } from '../sign-in/user-authenticator.js'

/** Why something that wants the password again may not go ahead. */
export type SudoRefusal =
  | { kind: 'passwordNeeded' }
  | ({ kind: 'incorrectPassword' } & FailureCount)
  | SignInRefusal
  | Busy

/** What comes of a password that is looked at. */
export type FreshProof =
  | {
      kind: 'proved'
      token: string
      deviceToken: string
      /** Of the password that was right. */ passwordVersion: number
    }
  | { kind: 'sessionOver' }
  | Exclude<SudoRefusal, { kind: 'passwordNeeded' }>

export type SudoOutcome =
  | {
      kind: 'proved'
      /** Of the session from now on. */
      token: string
      /** What makes this browser known, when the password was given just now: then both cookies are to be written. */
      deviceToken: string | null
    }
  /** The session has ended, or a request beside this one has renewed its token, which the browser learns from that one. */
  | { kind: 'sessionOver' }
  | SudoRefusal
