import type { ValidEmail } from '../email-codes/address-claim.js'
import type { PendingSignIn } from '../second-factor/pending-sign-in.js'

/** Why there is no new code. */
export type Unsent =
  /** The mail server could not be reached or would not serve. */
  | { kind: 'mailFailed' }
  /** It does not take mail for this address. */
  | { kind: 'mailRefused' }
  | { kind: 'tooManyCodes'; retryAt: Date }

/** A sign-in under way that can go on by a mailed code. */
export type MailedSignIn = PendingSignIn & {
  /** Where its codes go; null when the account has no address, and none was given yet. */
  address: ValidEmail | null
  /** Whether that is the account's, by a code that was read there. */
  isAddressConfirmed: boolean
  /** Of the code that was asked for last; null when it was sent. */
  unsent: Unsent | null
}
