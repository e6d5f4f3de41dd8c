import { appliedMigrations, type AppliedMigration } from './applied-migrations.js'
import type { Database } from './database.js'
import { DatabaseUnavailable } from './database-unavailable.js'
import { MigrationError } from './migration-error.js'
import type { Queryable } from './queryable.js'
import type { Migration } from './read-migrations.js'

// Any number, but the same in every version: two versions that start at once must wait for each other.
const lockNumber = 7_306_081_251
// A step may have to rewrite a large table, or wait for another process that does.
const patienceMs = 600_000

/**
 * Brings the schema of a database up to date, all missing steps in one transaction. Of several processes at once one
 * does it and the others wait. Where nothing is to be done it costs one select.
 * @param migrations all steps, from `readMigrations`
 * @returns the steps that were taken now
 * @throws MigrationError if the schema is newer than this code, an earlier step was changed, or a step fails;
 *   DatabaseUnavailable if the database cannot be had. In all cases the schema is as before.
 */
export async function migrate(database: Database, migrations: Migration[]): Promise<Migration[]> {
  const missing = missingSteps(migrations, await appliedMigrations(database))
  if (missing.length === 0) return []
  return database.transaction(async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [lockNumber])
    await client.query(
      `create table if not exists schema_migrations (
         number integer primary key,
         subject text not null,
         checksum text not null,
         applied_at timestamptz not null default now()
       )`,
    )
    // Asked again: another process may have been at work while this one waited for the lock.
    const steps = missingSteps(migrations, await appliedMigrations(client))
    for (const step of steps) await take(client, step)
    return steps
  }, patienceMs)
}

function missingSteps(known: Migration[], applied: AppliedMigration[]): Migration[] {
  const newest = applied.at(-1)
  if (newest && newest.number > known.length) {
    throw new MigrationError(
      `The database is at migration ${newest.number} (${newest.subject}), but this version of Latchkey ends at ` +
        `${known.length}. Start the newer version, or restore the backup that was made before it.`,
    )
  }
  for (const [index, step] of applied.entries()) {
    const ours = known[index]
    if (step.number === ours?.number && step.checksum === ours.checksum) continue
    throw new MigrationError(
      `Migration ${step.number} (${step.subject}) is not what this database was made with. ` +
        'Put its file back as it was; a change of the schema needs a new migration.',
    )
  }
  return known.slice(applied.length)
}

async function take(client: Queryable, { number, subject, checksum, sql }: Migration): Promise<void> {
  const before = await transactionId(client)
  try {
    await client.query(sql)
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new MigrationError(`Migration ${number} (${subject}) failed and nothing was changed: ${reason}`, {
      cause: error,
    })
  }
  if ((await transactionId(client)) !== before) {
    throw new MigrationError(
      `Migration ${number} (${subject}) ends the transaction itself. Take its commit out.`,
    )
  }
  await client.query(
    `insert into schema_migrations (number, subject, checksum)
     values ($1, $2, $3)`,
    [number, subject, checksum],
  )
}

async function transactionId(client: Queryable): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('select pg_current_xact_id()::text as id')
  return rows[0]?.id
}
