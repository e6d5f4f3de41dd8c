import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MigrationError } from './migration-error.js'

/** One step of the schema. `checksum` is the SHA-256 of its text in hexadecimal digits. */
export type Migration = { number: number; subject: string; checksum: string; sql: string }

/**
 * Reads the steps of the schema from files named like `0001-accounts.sql`.
 * @param folder where they are; files that do not end in `.sql` are passed over
 * @returns all of them, in the order of their numbers, which start at 1 and leave none out
 * @throws MigrationError if a name or the row of numbers is wrong
 */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const migrations = await Promise.all(names.map(async (name) => readMigration(folder, name)))
  for (const [index, { number, subject }] of migrations.entries()) {
    if (number === index + 1) continue
    const found = `${String(number).padStart(4, '0')}-${subject}.sql`
    const problem = number <= index ? 'is there twice' : `is missing before ${found}`
    const about = number <= index ? number : index + 1
    throw new MigrationError(`The migrations in ${folder} are not in a row: number ${about} ${problem}.`)
  }
  return migrations
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  const [, number, subject] = /^(\d{4})-([a-z0-9-]+)\.sql$/u.exec(name) ?? []
  if (number === undefined || subject === undefined) {
    throw new MigrationError(
      `${join(folder, name)} is not named like a migration, for example 0001-accounts.sql.`,
    )
  }
  // A checkout may have changed the ends of lines; that is no other migration.
  const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
  return { number: Number(number), subject, checksum: createHash('sha256').update(sql).digest('hex'), sql }
}
