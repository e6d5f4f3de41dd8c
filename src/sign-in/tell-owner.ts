import type { Account } from '../accounts/account-store.js'
import type { Visitor } from './visitor.js'

/** What may let somebody in later on, or already has; what asks them for more at sign-in. */
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
  | 'credentialCopied'
  | 'webauthnStepOn'
  | 'webauthnStepOff'

/**
 * A socket: hears, after it was done, that a way into an account was set up, changed or removed, and tells its owner by letter.
 * Neither waits nor fails.
 */
export type TellOwner = (account: Account, news: WayInNews, visitor: Visitor) => void
