/** What can come of a code that somebody typed. */
export type RedeemOutcome =
  | { kind: 'right'; accountId: string; email: string; canonicalEmail: string }
  /** 0 tries left: that was the last. */
  | { kind: 'wrong'; triesLeft: number }
  /** Not so many digits; no try was counted. */
  | { kind: 'unreadable'; digits: number }
  /** No code counts now: never sent, expired, used, replaced, all tries made, or sent before the bearer got a new token. */
  | { kind: 'expired' }
