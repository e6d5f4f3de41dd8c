/** Says how many recovery codes somebody has. */
export function wordCodesLeft(count: number): string {
  if (count === 0) return 'no recovery code'
  return count === 1 ? '1 recovery code' : `${count} recovery codes`
}
