import type { Account } from '../accounts/account-store.js'
import type { Visitor } from './visitor.js'

/** What may let somebody in by "Forgot your password?" later on, or asks them for more at sign-in. */
export type WayInNews =
  | 'recoveryPasskeyCreated'
  | 'securityQuestionsSet'
  | 'securityQuestionsRemoved'
  | 'signInCodeOn'
  | 'signInCodeOff'
  | 'authenticatorAppOn'
  | 'authenticatorAppOff'
  | 'recoveryCodesMade'
  | 'recoveryCodeUsed'
  | 'identityLinked'
  | 'identityUnlinked'
  | 'credentialAdded'
  | 'credentialRemoved'
  | 'webauthnStepOn'
  | 'webauthnStepOff'

/**
 * A socket: hears, after it was done, that a way into an account was set up, changed or removed, and tells its owner by letter.
 * Neither waits nor fails.
 */
export type TellOwner = (account: Account, news: WayInNews, visitor: Visitor) => void
