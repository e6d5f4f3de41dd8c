const maximumLength = 64

// Checked before normalisation, which can make eighteen characters of one.
const maximumTypedLength = 1024

/** What can come of a typed display name; lengths are in code points. */
export type DisplayNameOutcome =
  | { kind: 'valid'; displayName: string }
  /** Nothing was typed: the username is shown. */
  | { kind: 'empty' }
  | { kind: 'tooLong'; maximum: number }
  /** Something in it cannot be shown in one line beside other text, or nothing in it can be seen. */
  | { kind: 'unreadable' }

// Control characters, halves of characters, U+FFFD, line separators, and what cannot be seen or turns the direction of the
// text around it. The joiners U+200C and U+200D stay where they join something: Persian, Indic scripts and emoji need them.
const unreadable =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFD]|(?![\u200C\u200D])\p{Cf}|(?<=^|[ \u200C\u200D])[\u200C\u200D]|[\u200C\u200D](?= |$)/u
// More marks on one letter than any script puts there overprint the lines above and below.
const overprinted = /\p{M}{5}/u
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u

/**
 * Judges what somebody wants to be called. Unlike a username it identifies nobody and need not be unique, so nearly
 * everything is allowed that stays in its place. Follows RFC 8266 (nicknames) in its white space and its NFKC.
 *
 * @param typed what was typed, at any length; white space around it is dropped, and one space left of any within it
 */
export function parseDisplayName(typed: string): DisplayNameOutcome {
  if (typed.length > maximumTypedLength) return { kind: 'tooLong', maximum: maximumLength }
  const displayName = typed
    .normalize('NFKC')
    .replaceAll(/[\t\p{Zs}]+/gu, ' ')
    .trim()
  if (displayName === '') return { kind: 'empty' }
  if (
    unreadable.test(displayName) ||
    overprinted.test(displayName.normalize('NFD')) ||
    !visible.test(displayName)
  ) {
    return { kind: 'unreadable' }
  }
  if (Array.from(displayName).length > maximumLength) return { kind: 'tooLong', maximum: maximumLength }
  return { kind: 'valid', displayName }
}
