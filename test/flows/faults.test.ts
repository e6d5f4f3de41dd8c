import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { DatabaseConnection } from '../../src/database/database.js'
import { readPostmaster } from '../../src/database/postmaster.js'
import { createTestDatabase } from '../database/test-database.js'
import { until } from '../database/until.js'
import { runService, type RunningService } from './running-service.js'
import { savePasskey } from './save-passkey.js'
import { TestBrowser } from './test-browser.js'
import { startTestService } from './test-service.js'

const password = 'correct horse battery'
const ada = { username: 'Ada', password, confirmPassword: password }
const quick = { PASSWORD_HASH_MEMORY_KIB: '7168', PASSWORD_HASH_ITERATIONS: '1' }
const slow = { PASSWORD_HASH_ITERATIONS: '40' }

function makeFolder(t: Test): string {
  // Not below the project: as root, Postgres runs as a user who may not reach it there.
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
  t.teardown(async () => {
    await until(() => !existsSync(join(folder, 'postgres', 'postmaster.pid')))
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

function toUrl(connection: DatabaseConnection): string {
  if ('connectionString' in connection) return connection.connectionString
  const { host, port, user, database } = connection
  return `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`
}

async function status(service: RunningService, path: string): Promise<number> {
  return (await new TestBrowser(service.origin).get(path)).status
}

t.test('Postgres killed under load: 503 meanwhile, no crash, well again within 2 s', async (t) => {
  const folder = makeFolder(t)
  const service = await runService(t, { ...quick, DATA_FOLDER: folder })
  const browser = new TestBrowser(service.origin)
  // A name each: sign-ins cut off in the middle stay counted, and one account takes only a few at once.
  const names = Array.from({ length: 8 }, (_, index) => `Ada${index}`)
  for (const username of names) await browser.post('/register', { ...ada, username, email: '' })

  const seen: { at: number; status: number }[] = []
  let isOver = false
  const load = names.map(async (username, index) => {
    while (!isOver) {
      const page =
        index % 2 === 0
          ? await browser.get('/api/session')
          : await new TestBrowser(service.origin).post('/login', { username, password })
      seen.push({ at: performance.now(), status: page.status })
      if (page.status === 503) {
        t.equal(page.headers.get('retry-after'), '2')
        await pause(20)
      }
    }
  })
  await until(() => seen.length > 50)
  const before = readPostmaster(join(folder, 'postgres'))
  t.ok(before)
  process.kill(before?.pid ?? 0, 'SIGKILL')
  await until(() => seen.some((each) => each.status === 503))
  await until(() => {
    const now = readPostmaster(join(folder, 'postgres'))
    return now?.isReady === true && now.pid !== before?.pid
  })
  const returned = performance.now()
  await pause(3000)
  isOver = true
  await Promise.all(load)

  t.strictSame([...new Set(seen.map((each) => each.status))].toSorted(), [200, 303, 503])
  const lastRefusal = seen.findLast((each) => each.status === 503)?.at ?? Infinity
  t.ok(lastRefusal < returned + 2000, `well again ${Math.round(lastRefusal - returned)} ms after its return`)
  t.ok(seen.some((each) => each.at > returned + 2000))
  t.equal(await status(service, '/readyz'), 200)
  t.equal(await service.end('SIGTERM'), 0)
})

t.test('a database that is away at the start is waited for', async (t) => {
  const { connection } = await createTestDatabase(t)
  const door = createServer((socket) => {
    const inside = connect(doorTarget(connection))
    socket.on('error', () => inside.destroy()).on('close', () => inside.destroy())
    inside.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    socket.pipe(inside).pipe(socket)
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const { port } = door.address() as AddressInfo
  door.close()

  const url = new URL(toUrl(connection).replace('@/', '@localhost/'))
  url.host = `127.0.0.1:${port}`
  url.search = ''
  const service = await runService(t, { ...quick, DATABASE_URL: url.href }, 'cannot be reached')
  t.equal(await status(service, '/healthz'), 200)
  t.equal(await status(service, '/login'), 200)
  t.equal(await status(service, '/readyz'), 503)
  const page = await new TestBrowser(service.origin).post('/login', { username: 'Ada', password })
  t.equal(page.status, 503)
  t.equal(page.headers.get('retry-after'), '2')
  t.match(page.body, 'Just a moment, please')

  door.listen(port, '127.0.0.1')
  t.teardown(() => door.close())
  await until(() => service.output().includes('Latchkey is ready'))
  t.equal(await status(service, '/readyz'), 200)
  t.equal((await new TestBrowser(service.origin).post('/register', ada)).status, 303)
  t.equal(await service.end('SIGTERM'), 0)
})

function doorTarget(connection: DatabaseConnection): { path: string } | { host: string; port: number } {
  if ('connectionString' in connection) {
    const { hostname, port } = new URL(connection.connectionString)
    return { host: hostname, port: Number(port || 5432) }
  }
  return { path: join(connection.host, `.s.PGSQL.${connection.port}`) }
}

t.test('a pool that is full answers 503 while pages without a database stay quick', async (t) => {
  const service = await startTestService(t, { DATABASE_POOL_SIZE: '1' })
  const browser = service.browser()
  await browser.post('/register', ada)
  await savePasskey(browser)
  await service.database.transaction(async (client) => {
    await client.query('lock table sessions, recovery_passkeys in access exclusive mode')
    const stuck = [browser.get('/dashboard'), browser.get('/dashboard'), browser.get('/dashboard')]
    const started = performance.now()
    t.equal((await service.browser().get('/login')).status, 200)
    t.ok(performance.now() - started < 1000)
    for (const page of await Promise.all(stuck)) t.equal(page.status, 503)
  })
  t.equal((await browser.get('/dashboard')).status, 200)
})

t.test(
  'a storm of sign-ins is served at the rate of hashing; beyond the queue it is told to come back',
  async (t) => {
    const service = await startTestService(t, {
      PASSWORD_HASH_ITERATIONS: '4',
      PASSWORD_HASH_CONCURRENCY: '1',
      PASSWORD_HASH_QUEUE_LIMIT: '5',
      FAILED_ATTEMPTS_BEFORE_COOLDOWN: '100',
      FAILED_ATTEMPTS_BEFORE_LOCK: '200',
    })
    await service.browser().post('/register', ada)
    const storm = Array.from({ length: 40 }, () =>
      service.browser().post('/login?redirectUrl=/logout', { username: 'Ada', password }),
    )
    const calm = await service.browser().get('/login')
    t.equal(calm.status, 200)
    const pages = await Promise.all(storm)
    const served = pages.filter((page) => page.status === 303)
    const refused = pages.filter((page) => page.status === 503)
    t.equal(served.length + refused.length, 40)
    t.ok(served.length >= 6 && refused.length > 0, `${served.length} served, ${refused.length} refused`)
    for (const page of refused) {
      t.match(page.headers.get('retry-after'), /^[1-9]\d*$/)
      t.match(page.body, 'Many people are signing in')
      t.match(page.body, 'value="Ada"')
      t.match(page.body, 'redirectUrl=%2Flogout')
    }
    t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 303, 'calm again')
  },
)

t.test(
  'people who have gone leave their place in the queue to others, and no error in the log',
  async (t) => {
    const service = await startTestService(t, {
      PASSWORD_HASH_MEMORY_KIB: '65536',
      PASSWORD_HASH_ITERATIONS: '64',
      PASSWORD_HASH_CONCURRENCY: '1',
      PASSWORD_HASH_QUEUE_LIMIT: '2',
    })
    const form = new URLSearchParams({ username: 'Ada', password })
    const signIn = (signal: AbortSignal | null) =>
      fetch(`${service.origin}/login`, { method: 'POST', body: form, signal })
    const impatient = new AbortController()
    const first = signIn(null)
    await pause(600)
    const gone = [signIn(impatient.signal), signIn(impatient.signal)]
    await pause(600)
    t.equal((await signIn(null)).status, 503, 'the queue is full')
    impatient.abort()
    await Promise.allSettled(gone)
    await pause(600)
    t.equal((await signIn(null)).status, 401)
    t.equal((await first).status, 401)
    t.strictSame(
      service.logged().filter(({ level }) => Number(level) >= 50),
      [],
    )
  },
)

t.test('whoever is turned away costs the database nothing', async (t) => {
  const database = await createTestDatabase(t)
  const asked: string[] = []
  const query = database.database.query.bind(database.database)
  database.database.query = (statement, values) => {
    // Others than those of sign-in have no name or repeat themselves.
    if (typeof statement === 'object' && /account|attempt|address|device/.test(statement.name)) {
      asked.push(statement.name)
    }
    return query(statement, values)
  }
  const service = await startTestService(
    t,
    { ...slow, PASSWORD_HASH_CONCURRENCY: '1', PASSWORD_HASH_QUEUE_LIMIT: '1' },
    database,
  )
  const signIn = () => service.browser().post('/login', { username: 'Ada', password })
  const served = [signIn(), signIn()]
  await until(() => asked.filter((name) => name === 'count attempt').length === served.length)
  await pause(50)
  const before = [...asked]
  t.equal((await signIn()).status, 503)
  t.strictSame(asked, before)
  await Promise.all(served)
})

t.test('a collector of logs that reads no more stops nobody', async (t) => {
  const { connection } = await createTestDatabase(t)
  const service = await runService(t, { ...quick, DATABASE_URL: toUrl(connection) })
  service.child.stdout?.pause()
  const browser = new TestBrowser(service.origin)
  const headers = {
    'x-forwarded-method': 'GET',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'a'.repeat(8000),
    'x-forwarded-uri': '/',
  }
  // Each leaves a line as long as that host; together they are more than a pipe holds.
  for (let count = 0; count < 100; count++)
    t.equal((await browser.get('/api/authz/forward-auth', headers)).status, 400)
  service.child.stdout?.resume()
  await until(() => service.output().split('a question of a proxy was refused').length > 100)
  t.equal(await service.end('SIGTERM'), 0)
  t.match(service.output(), '"msg":"stopped"', 'what it said last is there')
})

t.test('SIGTERM finishes what is running, then exits 0; a new start finds everything', async (t) => {
  const folder = makeFolder(t)
  const first = await runService(t, { ...slow, DATA_FOLDER: folder, SHUTDOWN_TIMEOUT_SECONDS: '60' })
  const running = new TestBrowser(first.origin).post('/register', ada)
  await pause(150)
  const told = performance.now()
  const code = first.end('SIGTERM')
  t.equal((await running).status, 303)
  t.equal(await code, 0)
  t.ok(performance.now() - told < 30_000, 'no connection that is kept alive held it up')
  t.match(first.output(), 'leaving')

  const second = await runService(t, { ...quick, DATA_FOLDER: folder })
  t.equal((await new TestBrowser(second.origin).post('/login', { username: 'Ada', password })).status, 303)
  await second.end('SIGKILL')
  const third = await runService(t, { ...quick, DATA_FOLDER: folder })
  t.equal((await new TestBrowser(third.origin).post('/login', { username: 'Ada', password })).status, 303)
  third.child.kill('SIGINT')
  await pause(50)
  t.equal(await third.end('SIGINT'), 0, 'one Ctrl-C that comes twice')
})

t.test('a second Ctrl-C waits for nothing', async (t) => {
  const { connection } = await createTestDatabase(t)
  const service = await runService(t, {
    ...quick,
    DATABASE_URL: toUrl(connection),
    SHUTDOWN_TIMEOUT_SECONDS: '60',
  })
  const { hostname, port } = new URL(service.origin)
  const half = connect(Number(port), hostname).on('error', () => undefined)
  t.teardown(() => half.destroy())
  half.write('POST /login HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nusername=')
  await pause(200)
  service.child.kill('SIGINT')
  await pause(1000)
  t.equal(service.child.exitCode, null, 'it waits for the rest')
  t.equal(await service.end('SIGINT'), 1)
})

t.test('two processes on one database migrate and serve together', async (t) => {
  const settings = { ...quick, DATA_FOLDER: makeFolder(t) }
  const [one, two] = await Promise.all([runService(t, settings), runService(t, settings)])
  const atOne = new TestBrowser(one.origin)
  const atTwo = new TestBrowser(two.origin)
  await atOne.post('/register', ada)
  await savePasskey(atOne)
  for (const [name, value] of atOne.cookies) atTwo.cookies.set(name, value)
  t.match((await atTwo.get('/dashboard')).body, 'Hello, Ada')
  await atTwo.post('/logout')
  // The other hears of it a moment later.
  await until(async () => (await atOne.get('/dashboard')).status === 303)

  t.equal(await one.end('SIGTERM'), 0)
  t.equal((await atTwo.post('/login', { username: 'Ada', password })).status, 303, 'the other goes on')
  t.equal(await two.end('SIGTERM'), 0)
})

t.test('the log tells that a connection was lost, and nothing of what was in it', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const running = await runService(t, { DATABASE_URL: toUrl(connection) })
  await fetch(`${running.origin}/readyz`)
  const lost = () =>
    running
      .output()
      .split('\n')
      .filter((line) => line.includes('connection to the database was lost'))
  await until(async () => {
    // Again where it was at work just then, which is told otherwise.
    await database.query(
      `select pg_terminate_backend(pid)
       from pg_stat_activity
       where datname = current_database()
         and application_name = 'latchkey'
         and pid <> pg_backend_pid()`,
    )
    return lost().length > 0
  })
  for (const line of lost()) {
    const { err } = JSON.parse(line) as { err: Record<string, unknown> }
    t.match(err, { type: String, message: /terminat/, stack: /terminat/ })
    t.strictSame(
      Object.values(err).filter((value) => Object(value) === value),
      [],
    )
    t.notMatch(line, /secretKey|select/)
  }
})

t.test('what keeps it from starting is told in a sentence, with what to do', async (t) => {
  const { connection } = await createTestDatabase(t)
  const database = { DATABASE_URL: toUrl(connection) }
  const running = await runService(t, database)
  const { port } = new URL(running.origin)
  const file = join(makeFolder(t), 'file')
  writeFileSync(file, '')
  const cases: [settings: Record<string, string>, words: RegExp][] = [
    [{ ...database, PORT: port }, /Port \d+ is taken, perhaps by another Latchkey\. .*PORT=\d+ npm start/],
    [
      { ...database, HOST: 'nonsense.invalid' },
      /Nothing can listen on nonsense\.invalid.*Check HOST and PORT/,
    ],
    [
      { DATABASE_URL: database.DATABASE_URL.replace(/latchkey_test_\w+/, 'latchkey_nowhere') },
      /Postgres refuses what DATABASE_URL asks for/,
    ],
    [{ ...database, HOST: '192.0.2.1' }, /Nothing can listen on 192\.0\.2\.1.*Check HOST and PORT/],
    [{ DATA_FOLDER: file }, /DATA_FOLDER/],
    [{ PORT: 'x', PUBLIC_URL: 'y' }, /PUBLIC_URL must be[^]*PORT must be/],
  ]
  for (const [settings, words] of cases) {
    const failed = await runService(t, settings)
    t.match(failed.output(), /\n {2}\S/)
    t.match(failed.output(), words)
    t.notMatch(failed.output(), /\n\s+at /)
    t.equal(await failed.end('SIGTERM'), 1)
  }
})
