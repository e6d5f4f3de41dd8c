/** What can come of a password that somebody wants to have; lengths are in code points. */
export type PasswordOutcome =
  | { kind: 'valid' }
  | { kind: 'tooShort'; minimum: number }
  | { kind: 'tooLong'; maximum: number }
  /** U+FFFD, a lone surrogate or NUL: what was sent was not what was typed, or could not be sent again. */
  | { kind: 'unreadable' }
  | { kind: 'common' }
  | { kind: 'sameAsUsername' }
  | { kind: 'sameAsEmail' }
  | { kind: 'sameAsServiceName' }
