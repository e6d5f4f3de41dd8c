/** What can come of a typed e-mail address. */
export type EmailOutcome =
  /** `email` is written to, `canonical` is compared and unique. */
  | { kind: 'valid'; email: string; canonical: string }
  | { kind: 'empty' }
  | { kind: 'tooLong'; maximum: number }
  | { kind: 'invalid' }
