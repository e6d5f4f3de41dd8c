import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { Database, type DatabaseConnection } from '../../src/database/database.js'
import { openEmbeddedPostgres } from '../../src/database/embedded-postgres.js'
import { migrate } from '../../src/database/migrate.js'
import { readMigrations, type Migration } from '../../src/database/read-migrations.js'

/** A database of its own for one test file, migrated and empty. */
export type TestDatabase = {
  /** For further `Database`s or clients on it. */
  connection: DatabaseConnection
  /** Open on it; closed by the teardown. */
  database: Database
}

/** The part of a tap test that is used here. */
type Test = { teardown: (work: () => Promise<void>) => void }

const templates = 'latchkey_template_'
const tests = 'latchkey_test_'
const unfinishedTemplates = 'latchkey_unfinished_'
const abandonedAfterMs = 3_600_000
const lockNumber = 5_220_175_613
const project = projectRoot(dirname(fileURLToPath(import.meta.url)))
const silent = { warn: () => undefined }
// Test data may be lost; not waiting for the disk is what makes a database cost 30 ms.
const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']

let server: Promise<DatabaseConnection> | undefined

/**
 * Makes a database with all migrations of the project, on the server of TEST_DATABASE_URL (whose role must be allowed
 * to create databases) or else on an embedded Postgres in `data/test`. It is dropped when the test ends.
 * @param t the tap test that needs it
 */
export async function createTestDatabase(t: Test): Promise<TestDatabase> {
  const connection = await testServer()
  const folder = join(project, 'migrations')
  const migrations = existsSync(folder) ? await readMigrations(folder) : []
  const name = `${tests}${Date.now()}_${randomBytes(6).toString('hex')}`
  await administer(connection, async (client) => {
    // A template that nobody else removes between the look and its use.
    await client.query('select pg_advisory_lock($1)', [lockNumber])
    const template = await ensureTemplate(connection, client, migrations)
    await client.query(`create database ${name} template ${template}`)
  })
  const own = connectionTo(connection, name)
  const database = new Database({ connection: own, log: silent })
  t.teardown(async () => {
    await database.close()
    await administer(connection, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`)
    })
  })
  return { connection: own, database }
}

async function testServer(): Promise<DatabaseConnection> {
  const connectionString = process.env['TEST_DATABASE_URL']
  if (connectionString) return { connectionString }
  // Never closed here: the hold ends with the process.
  server ??= openTestServer()
  return server
}

async function openTestServer(): Promise<DatabaseConnection> {
  const folder = join(project, 'data/test')
  await mkdir(folder, { recursive: true })
  return (await openEmbeddedPostgres(folder, { settings })).connection
}

async function ensureTemplate(
  connection: DatabaseConnection,
  client: Client,
  migrations: Migration[],
): Promise<string> {
  const checksums = migrations.map(({ checksum }) => checksum).join()
  const name = `${templates}${createHash('sha256').update(checksums).digest('hex').slice(0, 16)}`
  const { rows } = await client.query<{ datname: string }>('select datname from pg_database')
  const names = rows.map(({ datname }) => datname)
  if (names.includes(name)) return name
  // On a server of others, what looks old may be that of another checkout.
  if (!process.env['TEST_DATABASE_URL']) {
    for (const old of names.filter(isAbandoned)) await client.query(`drop database ${old} with (force)`)
  }

  const unfinished = `${unfinishedTemplates}${randomBytes(6).toString('hex')}`
  await client.query(
    `create database ${unfinished} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`,
  )
  const database = new Database({ connection: connectionTo(connection, unfinished), log: silent })
  await migrate(database, migrations).finally(async () => database.close())
  await client.query(`alter database ${unfinished} rename to ${name}`)
  return name
}

// Called under the lock and when the template of today is missing: then no other is in use.
function isAbandoned(name: string): boolean {
  if (name.startsWith(templates) || name.startsWith(unfinishedTemplates)) return true
  return name.startsWith(tests) && Date.now() - Number(name.split('_')[2]) > abandonedAfterMs
}

async function administer(
  connection: DatabaseConnection,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client(connection)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function connectionTo(connection: DatabaseConnection, database: string): DatabaseConnection {
  if (!('connectionString' in connection)) return { ...connection, database }
  const url = new URL(connection.connectionString)
  url.pathname = `/${database}`
  return { connectionString: url.href }
}

// Compiled tests lie deeper than their sources.
function projectRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : projectRoot(dirname(folder))
}
