import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Database } from '../../src/database/database.js'
import { isMigrated } from '../../src/database/is-migrated.js'
import { migrate } from '../../src/database/migrate.js'
import { readMigrations } from '../../src/database/read-migrations.js'
import { createTestDatabase } from './test-database.js'

const first = { '0001-people.sql': 'create table people (name text);\ninsert into people values (1);' }
const two = { ...first, '0002-age.sql': 'alter table people add age int;' }

t.test('steps are taken in their order, once, and recorded', async (t) => {
  const { database } = await emptyDatabase(t)
  const migrations = await readMigrations(t.testdir(two))
  t.notOk(await isMigrated(database, migrations))
  t.same(
    (await migrate(database, migrations)).map(({ number }) => number),
    [1, 2],
  )
  t.ok(await isMigrated(database, migrations))
  t.same(await migrate(database, migrations), [])
  const { rows } = await database.query(
    'select number, subject, applied_at from schema_migrations order by number',
  )
  t.match(rows, [
    { number: 1, subject: 'people', applied_at: Date },
    { number: 2, subject: 'age', applied_at: Date },
  ])
})

t.test('only what is missing is taken', async (t) => {
  const { database } = await emptyDatabase(t)
  await migrate(database, await readMigrations(t.testdir(first)))
  const migrations = await readMigrations(t.testdir(two))
  t.notOk(await isMigrated(database, migrations))
  t.same(
    (await migrate(database, migrations)).map(({ subject }) => subject),
    ['age'],
  )
})

t.test('where nothing is to be done it costs one select', async (t) => {
  const { database } = await emptyDatabase(t)
  const migrations = await readMigrations(t.testdir(two))
  await migrate(database, migrations)
  const asked: unknown[] = []
  const query = database.query.bind(database)
  database.query = async (text, values) => {
    asked.push(text)
    return query(text, values)
  }
  database.transaction = async () => Promise.reject(new Error('a transaction was begun'))
  t.same(await migrate(database, migrations), [])
  t.equal(asked.length, 1)
})

t.test('of several processes at once one takes the steps and the others find nothing to do', async (t) => {
  const { database, connection } = await emptyDatabase(t)
  const migrations = await readMigrations(t.testdir(two))
  const others = [1, 2, 3].map(() => new Database({ connection, log: { warn: () => undefined } }))
  const taken = await Promise.all([database, ...others].map(async (one) => migrate(one, migrations)))
  t.same(
    taken.flat().map(({ number }) => number),
    [1, 2],
  )
  for (const other of others) await other.close()
})

t.test('a step that fails leaves the schema as it was', async (t) => {
  const { database } = await emptyDatabase(t)
  const sql = 'create table half (x int); create tabel y'
  const migrations = await readMigrations(t.testdir({ ...two, '0003-broken.sql': sql }))
  await t.rejects(migrate(database, migrations), {
    name: 'MigrationError',
    message: /Migration 3 \(broken\) failed.*syntax error/u,
  })
  const { rows } = await database.query(`select to_regclass('people') as people,
    to_regclass('schema_migrations') as record`)
  t.same(rows, [{ people: null, record: null }])
})

t.test('a step that ends the transaction itself is refused', async (t) => {
  const { database } = await emptyDatabase(t)
  const sql = 'begin; create table half (x int); commit'
  const migrations = await readMigrations(t.testdir({ '0001-commit.sql': sql }))
  await t.rejects(migrate(database, migrations), { name: 'MigrationError', message: /Take its commit out/u })
})

t.test('a schema newer than the code is refused, but counts as ready', async (t) => {
  const { database } = await emptyDatabase(t)
  await migrate(database, await readMigrations(t.testdir(two)))
  const older = await readMigrations(t.testdir(first))
  await t.rejects(migrate(database, older), {
    name: 'MigrationError',
    message: /is at migration 2 \(age\).*ends at 1\. Start the newer version/u,
  })
  t.ok(await isMigrated(database, older))
})

t.test('a changed file is refused once it has been applied, changed ends of lines are not', async (t) => {
  const { database } = await emptyDatabase(t)
  const folder = t.testdir(first)
  await migrate(database, await readMigrations(folder))
  writeFileSync(join(folder, '0001-people.sql'), first['0001-people.sql'].replaceAll('\n', '\r\n'))
  t.same(await migrate(database, await readMigrations(folder)), [])
  writeFileSync(join(folder, '0001-people.sql'), `${first['0001-people.sql']} -- more`)
  const changed = await readMigrations(folder)
  t.notOk(await isMigrated(database, changed))
  await t.rejects(migrate(database, changed), {
    name: 'MigrationError',
    message: /Migration 1 \(people\) is not what this database was made with/u,
  })
})

t.test('files must be named and numbered in a row', async (t) => {
  const cases = [
    { files: ['0002-b.sql'], says: /number 1 is missing before 0002-b\.sql/u },
    { files: ['0001-a.sql', '0003-c.sql'], says: /number 2 is missing/u },
    { files: ['0001-a.sql', '0001-b.sql'], says: /number 1 is there twice/u },
    { files: ['0001-a.sql', '2-b.sql'], says: /not named like a migration/u },
    { files: ['0001-a b.sql'], says: /not named like a migration/u },
  ]
  for (const { files, says } of cases) {
    const folder = t.testdir(Object.fromEntries(files.map((name) => [name, 'select 1'])))
    await t.rejects(readMigrations(folder), { name: 'MigrationError', message: says }, files.join(', '))
  }
  t.same(await readMigrations(t.testdir({ 'README.md': 'not one' })), [])
})

type Test = Parameters<typeof createTestDatabase>[0]

async function emptyDatabase(t: Test): ReturnType<typeof createTestDatabase> {
  const made = await createTestDatabase(t)
  await made.database.query('drop schema public cascade')
  await made.database.query('create schema public')
  return made
}
