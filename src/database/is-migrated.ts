import { appliedMigrations } from './applied-migrations.js'
import type { Queryable } from './queryable.js'
import type { Migration } from './read-migrations.js'

/**
 * Says whether a database has taken all steps that this code knows. More steps do not matter: while a newer version
 * is being rolled out, the older one goes on serving.
 * @throws DatabaseUnavailable if the database cannot be asked
 */
export async function isMigrated(database: Queryable, migrations: Migration[]): Promise<boolean> {
  const applied = await appliedMigrations(database)
  return migrations.every(({ checksum }, index) => applied[index]?.checksum === checksum)
}
