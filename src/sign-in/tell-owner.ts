import type { Account } from '../accounts/account-store.js'
import type { Visitor } from './visitor.js'

/** What may let somebody in by "Forgot your password?" later on. */
export type WayBackNews = 'recoveryPasskeyCreated' | 'securityQuestionsSet' | 'securityQuestionsRemoved'

/**
 * A socket: hears, after it was done, that a way back into an account was set up or removed, and tells its owner by letter.
 * Neither waits nor fails.
 */
export type TellOwner = (account: Account, news: WayBackNews, visitor: Visitor) => void
