/** Rows deleted by one statement: few enough to hold no lock for long. */
const batchSize = 500

/**
 * Deletes as many rows as there are, in small batches.
 *
 * @param deleteSome deletes at most `limit` rows and returns how many it did
 * @returns how many were deleted in all
 */
export async function inBatches(deleteSome: (limit: number) => Promise<number>): Promise<number> {
  let total = 0
  let batch: number
  do {
    batch = await deleteSome(batchSize)
    total += batch
  } while (batch === batchSize)
  return total
}
