import type { Account } from '../accounts/account-store.js'
import type { Visitor } from '../sign-in/visitor.js'
import type { PendingSignIn } from './pending-sign-in.js'

/** What may be asked for after the password, in the order in which it is: the first that an account has is the main one. */
export const stepNames = ['passkey', 'authenticatorCode', 'emailCode', 'recoveryCode'] as const

export type StepName = (typeof stepNames)[number]

/** The page of each; its twin for programs is under `/api`. */
export const stepPaths = {
  passkey: '/login/passkey-step',
  authenticatorCode: '/login/authenticator',
  emailCode: '/login/code',
  recoveryCode: '/login/recovery-code',
} as const satisfies { [name in StepName]: `/login/${string}` }

/** What a method is to an account. */
export type StepStanding =
  /** Its owner has turned it on. */
  | 'chosen'
  /** It is asked of everybody who has chosen nothing. */
  | 'demanded'
  /** The same, and it is still to be set up, from which no trusted browser is spared. */
  | 'incomplete'
  /** It can be shown instead of another that was chosen, and is not asked for by itself. */
  | 'spare'
  | 'none'

/** A socket: each thing that may be asked for after the password plugs in here. */
export type SecondStepMethod = {
  readonly name: StepName
  /** Whether it is never more than `spare`. */
  readonly isSpare: boolean
  /** @throws DatabaseUnavailable */
  standingOf: (account: Account) => Promise<StepStanding>
  /**
   * Begins it as the main one, such as by a letter.
   *
   * @returns the page on which it goes on
   */
  begin: (pending: PendingSignIn, visitor: Visitor) => Promise<`/login/${string}`>
  /** What a program is told that has to take it. */
  describe: (pending: PendingSignIn) => Promise<{ next: string }>
}
