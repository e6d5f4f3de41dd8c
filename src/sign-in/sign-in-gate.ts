import type { Account } from '../accounts/account-store.js'
import type { FailureCount } from './failure-count.js'

/** Somebody who is about to try a password. */
export type Attempt = {
  /** Whom they mean; null when nobody has that name. */
  account: Account | null
  /** The name as typed, which is how tries at nobody are told apart. */
  typedName: string
  clientAddress: string
  /** What this browser holds from its last good sign-in; null when it holds nothing. */
  deviceToken: string | null
  /** Whether they have shown that they are no program; left out by who has not. */
  isHuman?: boolean
}

/** No captcha was solved, and so much has failed that the password is not looked at without. */
export type CaptchaNeeded = { kind: 'captchaNeeded' }

/** Why a password is not looked at, or no longer counts. */
export type SignInRefusal =
  | { kind: 'coolingDown'; retryAfterSeconds: number }
  | { kind: 'locked' }
  | { kind: 'addressCoolingDown'; retryAfterSeconds: number }

/** A try that was counted and may look at the password. Exactly one of these follows. */
export type AdmittedAttempt = {
  /** The password was right. `deviceToken` is what makes this browser known from now on. */
  succeed: () => Promise<{ kind: 'welcome'; deviceToken: string } | SignInRefusal>
  /** The password was wrong. */
  fail: () => Promise<({ kind: 'counted' } & FailureCount) | SignInRefusal>
  /** The password was not looked at after all, so the try does not count. */
  withdraw: () => Promise<void>
}

/** An attempt that was counted and may go on. */
export type Admission = { kind: 'admitted'; attempt: AdmittedAttempt }

/** A socket: what may stop a sign-in plugs in here. Failed attempts do. */
export type SignInGate = {
  /**
   * Counts the attempt before the password is looked at.
   *
   * @throws DatabaseUnavailable; what cannot be counted may not go ahead
   */
  admit: {
    (attempt: Attempt & { isHuman: true }): Promise<Admission | SignInRefusal>
    (attempt: Attempt): Promise<Admission | SignInRefusal | CaptchaNeeded>
  }
  /** Makes the browser of somebody who has just registered a known one; returns its token. */
  remember: (account: Account, deviceToken: string | null) => Promise<string>
}
