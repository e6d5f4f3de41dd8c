/** The schema cannot be brought up to date. The message is for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}
