/**
 * Brings an answer into the form that is hashed and compared, so that it may be typed in another way than it was set:
 * letters, digits and vowel signs alone, without case, width, accents, spaces and punctuation.
 *
 * @param typed at any length
 * @returns the same for "St. John’s Wood" and "st johns wood"; may be empty. What was hashed once is compared for years,
 * so this must never change.
 */
export function normaliseAnswer(typed: string): string {
  return (
    typed
      .normalize('NFKD')
      // Accents of Latin, Greek and Cyrillic, which not every keyboard has; marks of other scripts are part of the word.
      .replaceAll(/[\u0300-\u036f]/gu, '')
      .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '')
      // By way of capitals: ß becomes ss, and a final ς is a σ like any other.
      .toUpperCase()
      .toLowerCase()
      .replaceAll('ς', 'σ')
      .normalize('NFKC')
  )
}
