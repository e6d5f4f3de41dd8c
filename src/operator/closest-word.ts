/**
 * Finds what somebody probably meant.
 *
 * @param most how many single changes may lead there; a third of the word's letters (or two) unless told
 * @returns the known word that takes the fewest; null if none is so close
 */
export function closestWord(typed: string, known: readonly string[], most?: number): string | null {
  const limitOf = (word: string) => most ?? Math.max(2, Math.floor(word.length / 3))
  const [best] = known
    // Each letter more or less is a change; most words need not be compared.
    .filter((word) => Math.abs(word.length - typed.length) <= limitOf(word))
    .map((word) => ({ word, distance: distance(typed.toLowerCase(), word.toLowerCase(), limitOf(word)) }))
    .filter((each) => each.distance <= limitOf(each.word))
    .toSorted((a, b) => a.distance - b.distance)
  // Two changes turn any word of two letters into any other.
  return best !== undefined && best.distance < best.word.length - 1 ? best.word : null
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other; Infinity when more than `limit`. */
function distance(from: string, to: string, limit: number): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity
  for (let row = 1; row <= from.length; row++) {
    const costs = [row]
    rows.push(costs)
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      costs.push(
        Math.min(
          at(row - 1, column) + 1,
          at(row, column - 1) + 1,
          at(row - 1, column - 1) + (isSame ? 0 : 1),
          isSwapped ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      )
    }
    // Nothing later is reached but by way of this row or, by a swap, the one before.
    if (rows.slice(-2).every((each) => Math.min(...each) > limit)) return Infinity
  }
  return at(from.length, to.length)
}
