/** What can come of a typed username; lengths are in code points of the canonical form. */
export type UsernameOutcome =
  /** `username` is shown, `canonical` is compared and unique. */
  | { kind: 'valid'; username: string; canonical: string }
  | { kind: 'empty' }
  | { kind: 'tooShort'; minimum: number }
  | { kind: 'tooLong'; maximum: number }
  /** A control character, a lone surrogate, or U+FFFD: what was sent was not what was typed. */
  | { kind: 'unreadable' }
  /** One code point, possibly invisible. An `@` means that an e-mail address was typed. */
  | { kind: 'forbiddenCharacter'; character: string }
  /** `.`, `_` or `-` in front, at the end, or two in a row. */
  | { kind: 'misplacedPunctuation' }
  /** A digit in front of letters that are read from right to left. */
  | { kind: 'misplacedDigit' }
  /** A mark (vowel sign, tone) where its script has none, or more of them than its script puts there. */
  | { kind: 'misplacedMark' }
  | { kind: 'mixedScripts' }
  /** Letters of one script, all of which pass for Latin letters. */
  | { kind: 'looksLikeAnotherScript' }
