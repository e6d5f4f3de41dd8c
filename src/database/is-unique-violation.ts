/** Whether a statement failed because there is such a row already, by this constraint (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  if (!(error instanceof Error && 'code' in error && 'constraint' in error)) return false
  return error.code === '23505' && error.constraint === constraint
}
