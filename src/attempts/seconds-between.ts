/** Whole seconds from one moment to a later one, at least 1: as `Retry-After` counts them. */
export function secondsBetween(earlier: Date, later: Date): number {
  return Math.max(1, Math.ceil((later.getTime() - earlier.getTime()) / 1000))
}
