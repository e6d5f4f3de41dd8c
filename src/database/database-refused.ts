/** Postgres answers, but not to us; the message tells the operator why and what to look at. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused'
}

/** Wrong user or password (28…), no such database (3D000), no right to make tables (42501). */
const refusals = /^(?:28...|3D000|42501)$/

/** Puts what Postgres says against the user, the password or the database into words; gives back any other error. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && refusals.test(String(error.code)))) return error
  return new DatabaseRefused(
    `Postgres refuses what DATABASE_URL asks for: ${error.message}. ` +
      'Check its user, password and database; the user must own the database, or be allowed to create tables in it.',
  )
}
