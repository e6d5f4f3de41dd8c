import type { EndReason } from '../sessions/end-reason.js'

/** What the login page has to say to somebody who has just arrived there. */
export type LoginNotice =
  /** Of the session whose token this browser still held. */
  | { kind: 'sessionEnded'; reason: EndReason }
  /** By this browser, just now. */
  | { kind: 'passwordReset'; /** As typed for it; empty when that is not known. */ typedName: string }
  | { kind: 'accountDeleted' }
