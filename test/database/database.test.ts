import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { DatabaseUnavailable } from '../../src/database/database-unavailable.js'
import { Database } from '../../src/database/database.js'
import { openEmbeddedPostgres } from '../../src/database/embedded-postgres.js'
import { explainDatabaseError } from '../../src/database/explain-database-error.js'
import { readPostmaster } from '../../src/database/postmaster.js'
import type { Queryable } from '../../src/database/queryable.js'
import { createTestDatabase } from './test-database.js'
import { until } from './until.js'

const log = { warn: () => undefined }

const { database, connection } = await createTestDatabase(t)
await database.query('create table words (word text primary key)')

t.test('a query takes values and gives typed rows', async (t) => {
  const { rows, rowCount } = await database.query<{ sum: number }>('select $1::int + $2::int as sum', [2, 3])
  t.same(rows, [{ sum: 5 }])
  t.equal(rowCount, 1)
  const { rows: about } = await database.query(`select current_setting('application_name') as name,
    current_setting('statement_timeout') as time`)
  t.same(about, [{ name: 'latchkey', time: '5s' }])
})

t.test('a named query is prepared once per connection', async (t) => {
  await database.transaction(async (client) => {
    for (const value of [1, 2]) {
      const { rows } = await client.query({
        name: 'twice',
        text: 'select 2 * $1::int as twice',
        values: [value],
      })
      t.same(rows, [{ twice: 2 * value }])
    }
    const { rows } = await client.query(`select name
      from pg_prepared_statements
      where name = 'twice'`)
    t.equal(rows.length, 1)
  })
})

t.test('what a statement does wrong passes as it is and costs no connection', async (t) => {
  const one = new Database({ connection, poolSize: 1, log })
  t.teardown(async () => one.close())
  const before = await backend(one)
  await one.query('insert into words values ($1)', ['once'])
  await t.rejects(one.query('insert into words values ($1)', ['once']), { code: '23505' })
  await t.rejects(one.query('selekt'), { code: '42601' })
  t.equal(await backend(one), before)
})

t.test('a transaction is kept when its work returns', async (t) => {
  const result = await database.transaction(async (client) => {
    await client.query(`insert into words values ('kept')`)
    t.notOk(await isThere('kept'), 'nobody sees it before')
    return 7
  })
  t.equal(result, 7)
  t.ok(await isThere('kept'))
})

t.test('a transaction is undone when its work throws, and the error passes', async (t) => {
  const one = new Database({ connection, poolSize: 1, log })
  t.teardown(async () => one.close())
  const work = one.transaction(async (client) => {
    await client.query(`insert into words values ('undone')`)
    throw new RangeError('no')
  })
  await t.rejects(work, RangeError)
  t.notOk(await isThere('undone'))
  t.same((await one.query('select 1 as answer')).rows, [{ answer: 1 }], 'the connection is in order')
})

t.test('a commit that fails is not reported as success', async (t) => {
  await database.query(`create table late (
    number int,
    unique (number) deferrable initially deferred)`)
  const cases: { title: string; work: (client: Queryable) => Promise<unknown>; says: RegExp }[] = [
    {
      title: 'refused by a deferred constraint',
      work: async (client) => client.query('insert into late values (1), (1)'),
      says: /duplicate key/u,
    },
    {
      title: 'after a failed statement that was passed over',
      work: async (client) => client.query('insert into late values (1 / 0)').catch(() => undefined),
      says: /rolled back/u,
    },
    {
      title: 'on a connection that broke meanwhile',
      work: async (client) => {
        await client.query('insert into late values (2)')
        const { rows } = await client.query('select pg_backend_pid() as pid')
        await database.query('select pg_terminate_backend($1, 5000)', [rows[0]?.['pid']])
      },
      says: /^The database cannot be had/u,
    },
  ]
  for (const { title, work, says } of cases) {
    await t.rejects(database.transaction(work), { message: says }, title)
    t.same((await database.query('select number from late')).rows, [])
  }
})

t.test('a database that cannot be had is told from everything else', async (t) => {
  const unavailable = [
    'ECONNREFUSED ECONNRESET ENOENT ETIMEDOUT EPIPE ENOTFOUND EAI_AGAIN',
    '08006 08P01 25006 53100 53300 57014 57P01 57P02 57P03',
  ]
  for (const code of unavailable.join(' ').split(' ')) {
    const cause = Object.assign(new Error('x'), { code })
    t.match(explainDatabaseError(cause), { name: 'DatabaseUnavailable', cause }, code)
  }
  for (const message of ['Connection terminated unexpectedly', 'Query read timeout', 'timeout expired']) {
    t.type(explainDatabaseError(new Error(message)), DatabaseUnavailable, message)
  }
  for (const code of ['23505', '22021', '42P01', '40001', '28P01', '3D000', 'ERR_ASSERTION']) {
    const error = Object.assign(new Error('x'), { code })
    t.equal(explainDatabaseError(error), error, code)
  }
})

t.test('a server that is absent, silent or full makes DatabaseUnavailable within its time', async (t) => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  await once(silent, 'listening')
  const address = silent.address()
  const port = typeof address === 'object' && address ? address.port : 0

  const full = new Database({ connection, poolSize: 1, log })
  const door = new EventEmitter()
  const occupied = full.transaction(async () => once(door, 'open'))
  const somewhere = { user: 'x', database: 'x', port: 5432 }
  const databases = {
    absent: new Database({ connection: { ...somewhere, host: '/nowhere' }, log }),
    refusing: new Database({ connection: { connectionString: 'postgres://x:x@127.0.0.1:1/x' }, log }),
    silent: new Database({ connection: { ...somewhere, host: '127.0.0.1', port }, log }),
    full,
  }
  const startedAt = Date.now()
  const attempts = Object.entries(databases).map(async ([title, database]) => {
    await t.rejects(database.query('select 1'), DatabaseUnavailable, title)
    await t.rejects(
      database.transaction(async () => 1),
      DatabaseUnavailable,
      `${title}: transaction`,
    )
  })
  await Promise.all(attempts)
  t.ok(Date.now() - startedAt < 9_000)
  door.emit('open')
  await occupied
  await full.query('select 1')
  for (const database of Object.values(databases)) await database.close()
})

t.test('a statement that takes too long is ended, and its connection goes on', async (t) => {
  const slow = database.transaction(async (client) => client.query('select pg_sleep(10)'), 50)
  await t.rejects(slow, { name: 'DatabaseUnavailable', cause: { code: '57014' } })
  t.same((await database.query('select 1 as answer')).rows, [{ answer: 1 }])
})

t.test('connections that are lost while idle are logged and replaced', async (t) => {
  const warnings: string[] = []
  const own = new Database({ connection, log: { warn: (_, message) => warnings.push(message) } })
  t.teardown(async () => own.close())
  await database.query('select pg_terminate_backend($1, 5000)', [await backend(own)])
  await until(() => warnings.length > 0)
  t.match(warnings, ['a connection to the database was lost'])
  t.same((await own.query('select 1 as answer')).rows, [{ answer: 1 }])
})

t.test('a restart of Postgres under load is survived without an unhandled error', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-restart-'))
  const postgres = await openEmbeddedPostgres(folder, { settings: ['fsync=off'] })
  const busy = new Database({ connection: postgres.connection, poolSize: 5, log })
  const failures: unknown[] = []
  const end = new AbortController()
  let succeeded = 0
  const work = async (index: number): Promise<void> => {
    while (!end.signal.aborted) {
      const one =
        index % 2 ? busy.query('select 1') : busy.transaction(async (client) => client.query('select 1'))
      await one.then(
        () => succeeded++,
        async (error: unknown) => {
          failures.push(error)
          await pause(10)
        },
      )
    }
  }
  const workers = Array.from({ length: 20 }, async (_, index) => work(index))
  await until(() => succeeded > 100)
  process.kill(readPostmaster(join(folder, 'postgres'))?.pid ?? 0, 'SIGKILL')
  await until(() => failures.length > 0)
  const [downAt, before] = [Date.now(), succeeded]
  await until(() => succeeded > before + 100)
  t.ok(Date.now() - downAt < 5_000, `back after ${Date.now() - downAt} ms`)
  end.abort()
  await Promise.all(workers)
  t.same(
    failures.filter((error) => !(error instanceof DatabaseUnavailable)),
    [],
  )
  t.same((await busy.query('select 1 as answer')).rows, [{ answer: 1 }])
  await busy.close()
  await postgres.close()
  rmSync(folder, { recursive: true })
})

t.test('closing waits for what is running and may be repeated', async (t) => {
  const own = new Database({ connection, log })
  const running = own.query('select pg_sleep(0.1), 1 as answer')
  // The connection must be lent out before the pool stops lending.
  await until(async () => (await othersOn('pg_sleep')) > 0)
  await Promise.all([own.close(), own.close()])
  t.equal((await running).rows.length, 1)
  await t.rejects(own.query('select 1'), DatabaseUnavailable)
})

async function backend(asked: Database): Promise<number | undefined> {
  const { rows } = await asked.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid
}

async function isThere(word: string): Promise<boolean> {
  const { rows } = await database.query('select from words where word = $1', [word])
  return rows.length === 1
}

async function othersOn(statement: string): Promise<number> {
  const { rows } = await database.query(
    `select
     from pg_stat_activity
     where state = 'active' and pid <> pg_backend_pid() and query like '%' || $1 || '%'`,
    [statement],
  )
  return rows.length
}
