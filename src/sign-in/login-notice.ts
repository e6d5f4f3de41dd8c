import type { EndReason } from '../sessions/end-reason.js'
import type { Farewell } from './farewell-cookie.js'

/** What the login page has to say to somebody who has just arrived there. */
export type LoginNotice =
  /** Of the session whose token this browser still held. */
  { kind: 'sessionEnded'; reason: EndReason } | Farewell
