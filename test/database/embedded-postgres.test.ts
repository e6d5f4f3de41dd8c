import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import t from 'tap'
import { EmbeddedPostgresError } from '../../src/database/embedded-postgres-error.js'
import {
  openEmbeddedPostgres,
  type EmbeddedPostgresConnection,
} from '../../src/database/embedded-postgres.js'
import { isOpenToAll } from '../../src/database/is-open-to-all.js'
import { isPostmasterRunning, readPostmaster } from '../../src/database/postmaster.js'
import { until } from './until.js'

const childProgram = fileURLToPath(new URL('embedded-postgres-child.js', import.meta.url))
const isRoot = process.geteuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }
const noOtherUser = !isRoot
  ? 'needs root'
  : !isOpenToAll(dirname(childProgram)) && 'the project is closed to others'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-test-')))
const data = join(folder, 'postgres')
const children = new Set<ChildProcess>()

t.teardown(async () => {
  for (const child of children) child.kill('SIGKILL')
  await until(() => !isPostmasterRunning(data))
  rmSync(folder, { recursive: true, force: true })
})

t.test('the first start makes the data, and closing leaves no process behind', async (t) => {
  const { connection, close } = await openEmbeddedPostgres(folder)
  t.same(
    await ask(
      connection,
      `select current_setting('listen_addresses') as tcp, current_setting('fsync') as fsync,
              current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums`,
    ),
    { tcp: '', fsync: 'on', encoding: 'UTF8', checksums: 'on' },
  )
  t.equal(statSync(connection.host).mode & 0o777, 0o700, 'nobody else can reach the socket')
  await close()
  t.notOk(isPostmasterRunning(data))
  await close()
  await until(() => !existsSync(connection.host))
  t.pass('the folder of the socket is gone')
})

t.test('it starts again at once after each stop and keeps what was written', async (t) => {
  for (const round of [1, 2, 3]) {
    const { connection, close } = await openEmbeddedPostgres(folder)
    await ask(connection, 'create table if not exists rounds (round int)')
    await ask(connection, `insert into rounds values (${round})`)
    t.same(await ask(connection, 'select count(*)::int as rounds from rounds'), { rounds: round })
    // Not awaited on purpose: the next start meets the old one while it shuts down.
    void close()
  }
})

t.test(
  'of two first starts at the same moment one wins and the other joins; either may leave first',
  async (t) => {
    const together = join(folder, 'together')
    const [one, other] = await Promise.all([openInChild(together), openInChild(together)])
    t.same(one.connection, other.connection)
    t.match(one.connection, { host: String })
    await leave(one)
    t.same(await ask(other.connection, 'select 1 as answer'), { answer: 1 }, 'the one that stays goes on')
    await leave(other)
    t.notOk(isPostmasterRunning(join(together, 'postgres')), 'the last one turned off the light')
  },
)

t.test('many processes that come and go at random never lose it and leave nothing behind', async (t) => {
  const visits = Array.from({ length: 4 }, async (_, index) => {
    await pause(index * 37)
    const visitor = await openInChild(folder)
    t.same(await ask(visitor.connection, 'select 1 as answer'), { answer: 1 })
    await leave(visitor)
  })
  await Promise.all(visits)
  await until(() => !isPostmasterRunning(data))
})

t.test('a process killed by SIGKILL takes Postgres with it, and the next start need not wait', async (t) => {
  const child = await openInChild(folder)
  child.process.kill('SIGKILL')
  const { connection, close } = await openEmbeddedPostgres(folder)
  t.same(await ask(connection, 'select 1 as answer'), { answer: 1 })
  await close()

  const alone = await openInChild(folder)
  alone.process.kill('SIGKILL')
  await until(() => !isPostmasterRunning(data))
  t.pass('no orphan')
})

t.test('it starts after everything was killed by SIGKILL', async (t) => {
  const child = await openInChild(folder)
  const { pid } = postmaster()
  process.kill(-groupOf(pid), 'SIGKILL')
  child.process.kill('SIGKILL')
  const { connection, close } = await openEmbeddedPostgres(folder)
  t.same(await ask(connection, 'select 1 as answer'), { answer: 1 })
  t.equal(connection.host, child.connection.host, 'the folder of the socket is used again')
  await close()
})

t.test('it starts though the number in a stale pid file now belongs to another program', async (t) => {
  writeFileSync(
    join(data, 'postmaster.pid'),
    `${process.pid}\n${data}\n0\n5432\n/tmp/latchkey-old\n\n\nready   \n`,
  )
  const { connection, close } = await openEmbeddedPostgres(folder)
  t.same(await ask(connection, 'select 1 as answer'), { answer: 1 })
  await close()
})

t.test('a killed Postgres is started again while somebody holds on to it', async (t) => {
  const { connection, close } = await openEmbeddedPostgres(folder)
  const before = postmaster().pid
  process.kill(before, 'SIGKILL')
  await until(
    () => (readPostmaster(data)?.pid ?? before) !== before && readPostmaster(data)?.isReady === true,
  )
  t.same(await ask(connection, 'select 1 as answer'), { answer: 1 })
  await close()
  t.notOk(isPostmasterRunning(data))
})

t.test('without its supervisor, the last to close stops Postgres', async (t) => {
  const { connection, close } = await openEmbeddedPostgres(folder)
  const { pid } = postmaster()
  process.kill(groupOf(pid), 'SIGKILL')
  t.same(await ask(connection, 'select 1 as answer'), { answer: 1 })
  await close()
  t.notOk(isPostmasterRunning(data))
})

t.test(
  'without its supervisor, the next to open takes over and the first finds Postgres again',
  async (t) => {
    const first = await openInChild(folder)
    process.kill(groupOf(postmaster().pid), 'SIGKILL')
    const second = await openEmbeddedPostgres(folder)
    t.equal(second.connection.host, first.connection.host)
    t.same(await ask(first.connection, 'select 1 as answer'), { answer: 1 })
    await leave(first)
    await second.close()
    t.notOk(isPostmasterRunning(data))
  },
)

t.test('programs started by a holder do not hold on to Postgres', async (t) => {
  const { close } = await openEmbeddedPostgres(folder)
  const bystander = spawn('sleep', ['60'], { stdio: 'inherit' })
  await close()
  t.notOk(isPostmasterRunning(data))
  bystander.kill('SIGKILL')
})

t.test('a path longer than a socket may have is no obstacle', async (t) => {
  const { connection, close } = await openEmbeddedPostgres(
    join(folder, 'long'.repeat(30), 'longer'.repeat(20)),
  )
  t.same(await ask(connection, 'select 1 as answer'), { answer: 1 })
  await close()
})

t.test('what goes wrong is said in words for the operator', async (t) => {
  const file = join(folder, 'a-file')
  writeFileSync(file, '')
  const older = join(folder, 'older/postgres')
  mkdirSync(older, { recursive: true })
  writeFileSync(join(older, 'PG_VERSION'), '15\n')
  const foreign = join(folder, 'foreign/postgres')
  mkdirSync(foreign, { recursive: true })
  if (isRoot) for (const path of [older, foreign]) chownSync(path, nobody.uid, nobody.gid)
  const cases = [
    { folder: join(file, 'x'), says: [join(file, 'x'), 'DATA_FOLDER', 'ENOTDIR'] },
    { folder: dirname(older), says: [older, 'Postgres 15', 'Postgres 18', 'DATABASE_URL'] },
    { folder: dirname(foreign), says: [foreign, 'DATA_FOLDER'] },
    { folder, settings: ['max_connections=many'], says: ['max_connections', 'postgres.log', 'DATABASE_URL'] },
    { folder, platform: { os: 'win32', cpu: 'x64' }, says: ['win32-x64', 'DATABASE_URL', '15 or later'] },
    { folder, platform: { os: 'linux', cpu: 'ia32' }, says: ['linux-ia32', 'DATABASE_URL'] },
    { folder, platform: { os: 'darwin', cpu: 'x64' }, says: ['not installed', 'optional', 'DATABASE_URL'] },
  ]
  for (const { folder, says, ...options } of cases) {
    if (options.platform?.os === process.platform && options.platform.cpu === process.arch) continue
    const error: unknown = await openEmbeddedPostgres(folder, options).catch((error: unknown) => error)
    t.type(error, EmbeddedPostgresError)
    for (const word of says) t.ok(String(error).includes(word), `${word} in: ${String(error)}`)
  }
  await until(() => !isPostmasterRunning(data))
})

t.test('a data folder that this user may not write is named', { skip: noOtherUser }, async (t) => {
  const closed = mkdtempSync(join(tmpdir(), 'latchkey-closed-'))
  t.teardown(() => rmSync(closed, { recursive: true }))
  const child = await openInChild(join(closed, 'x'), nobody)
  t.match(child.error, 'cannot be written (EACCES)')
  t.match(child.error, join(closed, 'x'))
})

t.test('a user who is not root can use it', { skip: noOtherUser }, async (t) => {
  const own = realpathSync(mkdtempSync(join(tmpdir(), 'latchkey-nobody-')))
  chownSync(own, nobody.uid, nobody.gid)
  t.teardown(() => rmSync(own, { recursive: true }))
  const child = await openInChild(own, nobody)
  t.same(await ask(child.connection, 'select 1 as answer'), { answer: 1 })
  await leave(child)
  t.notOk(isPostmasterRunning(join(own, 'postgres')))
})

t.test(
  'root can use it below a folder that is closed to others',
  { skip: !isRoot && 'needs root' },
  async (t) => {
    const closed = join(folder, 'closed')
    mkdirSync(closed)
    chmodSync(closed, 0o700)
    const { connection, close } = await openEmbeddedPostgres(join(closed, 'data'))
    t.same(await ask(connection, 'select 1 as answer'), { answer: 1 })
    t.not(statSync(join(closed, 'data/postgres')).uid, 0, 'Postgres runs as another user')
    await close()
    const again = await openEmbeddedPostgres(join(closed, 'data'))
    t.same(await ask(again.connection, 'select 1 as answer'), { answer: 1 })
    await again.close()
  },
)

type Visitor = { process: ChildProcess; connection: EmbeddedPostgresConnection; error: string }

async function openInChild(path: string, user?: { uid: number; gid: number }): Promise<Visitor> {
  // Without tap's own environment, which makes children write into folders of the present user.
  const options = { env: { PATH: process.env['PATH'] }, ...user }
  const child = spawn(process.execPath, [childProgram, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
    ...options,
  })
  children.add(child)
  const said = JSON.parse(String(await once(child.stdout, 'data')))
  return { process: child, connection: said, error: String(said.error) }
}

async function leave({ process: child }: Visitor): Promise<void> {
  const left = once(child, 'exit')
  child.stdin?.write('close')
  await left
  children.delete(child)
}

async function ask(connection: EmbeddedPostgresConnection, query: string): Promise<unknown> {
  const client = new Client(connection)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(query)
    return rows[0]
  } finally {
    await client.end()
  }
}

function postmaster(): { pid: number } {
  const found = readPostmaster(data)
  if (!found) throw new Error('no Postgres runs')
  return found
}

// The supervisor leads the group of processes that Postgres is in.
function groupOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2])
}
