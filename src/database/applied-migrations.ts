import { DatabaseError } from 'pg'
import type { Queryable } from './queryable.js'

/** A step that the schema of a database has taken. */
export type AppliedMigration = { number: number; subject: string; checksum: string }

const undefinedTable = '42P01'

/** Reads which steps a database has taken, in their order; none if it has never been migrated. */
export async function appliedMigrations(database: Queryable): Promise<AppliedMigration[]> {
  try {
    const { rows } = await database.query<AppliedMigration>(
      `select number, subject, checksum
       from schema_migrations
       order by number`,
    )
    return rows
  } catch (error) {
    if (error instanceof DatabaseError && error.code === undefinedTable) return []
    throw error
  }
}
