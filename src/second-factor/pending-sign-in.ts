import type { Account } from '../accounts/account-store.js'
import type { ValidEmail } from '../email-codes/address-claim.js'

/** Why there is no new code. */
export type Unsent =
  /** The mail server could not be reached or would not serve. */
  | { kind: 'mailFailed' }
  /** It does not take mail for this address. */
  | { kind: 'mailRefused' }
  | { kind: 'tooManyCodes'; retryAt: Date }

/** Somebody whose password was right and whose code is still to come; known by a token that only their browser has. */
export type PendingSignIn = {
  id: string
  token: string
  /** As it was when its password was checked. */
  account: Account
  /** Where its codes go; null when the account has no address, and none was given yet. */
  address: ValidEmail | null
  /** Whether that is the account's, by a code that was read there. */
  isAddressConfirmed: boolean
  expiresAt: Date
  /** Of the code that was asked for last; null when it was sent. */
  unsent: Unsent | null
}
