import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import type { DatabaseConnection } from '../../src/database/database.js'
import { longestSilenceMs } from '../../src/database/heartbeat.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { createTestDatabase } from '../database/test-database.js'
import { until } from '../database/until.js'
import { openSession, startNode, untilCurrent } from './session-node.js'

const { connection, database } = await createTestDatabase(t)
const listeners = `pg_stat_activity
  where application_name = 'latchkey listener'
    and datname = current_database()`

/** What a machine that is busy with other tests may add to anything. */
const busyMs = 1000

/** Milliseconds until something is true, asked as fast as the event loop turns. */
async function timeUntil(condition: () => Promise<boolean>): Promise<number> {
  const started = performance.now()
  await until(condition)
  return performance.now() - started
}

/** Runs a statement and gives the messages that a listener got for it. */
async function messagesOf(t: Test, work: () => Promise<unknown>): Promise<string[]> {
  const client = new Client(connection)
  await client.connect()
  t.teardown(() => client.end())
  const messages: string[] = []
  client.on('notification', ({ payload = '' }) => messages.push(payload))
  await client.query('listen latchkey_sessions')
  await work()
  await client.query("notify latchkey_sessions, 'end'")
  await until(() => messages.at(-1) === 'end')
  return messages.slice(0, -1)
}

t.test('the database tells every change that matters, and nothing else', async (t) => {
  const set = (assignment: string) => (id: string) =>
    database.query(`update sessions set ${assignment} where account_id = $1`, [id])
  const account = (assignment: string) => (id: string) =>
    database.query(`update accounts set ${assignment} where id = $1`, [id])
  const profile = (assignment: string) => (id: string) =>
    database.query(`update profiles set ${assignment} where account_id = $1`, [id])
  const cases: [
    title: string,
    change: (accountId: string) => Promise<unknown>,
    told: 'key' | 'account' | '*' | null,
  ][] = [
    ['ended', (id) => database.query('delete from sessions where account_id = $1', [id]), 'key'],
    ['a deleted account', (id) => database.query('delete from accounts where id = $1', [id]), 'key'],
    ['a new expiry', set("expires_at = expires_at - interval '1 minute'"), 'key'],
    ['a new token', set("token_hash = sha256('new')"), 'key'],
    ['the end of a life that is over', set("expires_at = created_at + interval '1 microsecond'"), 'key'],
    ['the time of last use', set('last_used_at = now()'), null],
    ['nothing new', set('expires_at = expires_at'), null],
    ['a new name', account("username = 'other'"), 'account'],
    ['a new address', account("email = 'a@b.example', canonical_email = 'a@b.example'"), 'account'],
    ['a stronger hash', account("password_hash = 'other'"), null],
    ['a new display name', profile("display_name = 'Ada'"), 'account'],
    ['the end of the tutorial', profile('tutorial_finished_at = now()'), null],
    ['everything gone', () => database.query('truncate sessions cascade'), '*'],
  ]
  for (const [title, change, told] of cases) {
    const { key, accountId } = await openSession(database)
    const messages = await messagesOf(t, () => change(accountId))
    const expected = { key: [key], account: [accountId], '*': ['*'] }
    t.strictSame(messages, told === null ? [] : expected[told], title)
  }
  t.strictSame(await messagesOf(t, () => openSession(database)), [], 'a new session')
  const { accountId } = await openSession(database)
  await account("email = 'c@d.example', canonical_email = 'c@d.example'")(accountId)
  const confirm = account('email_confirmed_at = now()')
  t.strictSame(await messagesOf(t, () => confirm(accountId)), [accountId], 'a confirmed address')
})

t.test('mass deletes make few messages, sweeping expired sessions none', async (t) => {
  const { accountId } = await openSession(database)
  const fill = (count: number, ending: string) =>
    database.query(
      `insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at)
       select sha256(number::text::bytea), $1, now() - interval '2 days', now(), now() ${ending}
       from generate_series(1, ${count}) as number`,
      [accountId],
    )
  const endAll = () => database.query('delete from sessions')
  await fill(20_000, "+ interval '1 day'")
  t.strictSame(await messagesOf(t, endAll), ['*'])
  await fill(1000, "+ interval '1 day'")
  const messages = await messagesOf(t, endAll)
  t.equal(messages.length, 10)
  t.equal(new Set(messages.join(' ').split(' ')).size, 1000)
  await fill(20_000, "- interval '1 second'")
  t.strictSame(await messagesOf(t, endAll), [])

  await database.query(
    `insert into accounts (username, canonical_username, password_hash, created_at)
     select number, number, '', now() from generate_series(1, 2000) as number`,
  )
  t.strictSame(await messagesOf(t, () => database.query("update accounts set username = username || '!'")), [
    '*',
  ])
})

t.test('two nodes: remembered by both, ended by one, refused by both', async (t) => {
  const [one, two] = [await startNode(t, connection), await startNode(t, connection)]
  await Promise.all([untilCurrent(one), untilCurrent(two)])
  const times: number[] = []
  for (let round = 0; round < 50; round += 1) {
    const { token } = await openSession(database)
    for (const node of [one, two]) t.not(await node.keeper.find(token), null)
    await Promise.all([untilCurrent(one), untilCurrent(two)])
    const before = two.statements()
    t.not(await two.keeper.find(token), null)
    t.equal(two.statements(), before, 'from memory')
    await one.keeper.end(token)
    t.equal(await one.keeper.find(token), null, 'at once where it was ended')
    times.push(await timeUntil(async () => (await two.keeper.find(token)) === null))
  }
  const worst = Math.max(...times)
  t.comment(`refused by the other node after ${median(times).toFixed(1)} ms, at worst ${worst.toFixed(1)} ms`)
  t.ok(median(times) < 100)
  t.ok(worst < busyMs)
})

t.test('a renewed token is refused by all nodes, and the new one belongs to the same session', async (t) => {
  const [one, two] = [await startNode(t, connection), await startNode(t, connection)]
  await Promise.all([untilCurrent(one), untilCurrent(two)])
  for (let round = 0; round < 20; round += 1) {
    const { token } = await openSession(database)
    const session = await one.keeper.find(token)
    t.not(await two.keeper.find(token), null)
    const renewed = (await one.keeper.renewToken(token)) ?? ''
    t.equal(await one.keeper.find(token), null, 'at once where it was renewed')
    const time = await timeUntil(async () => (await two.keeper.find(token)) === null)
    t.ok(time < busyMs, `${time.toFixed(1)} ms`)
    for (const { keeper } of [one, two]) {
      t.match(await keeper.find(renewed), { id: session?.id, expiresAt: session?.expiresAt })
    }
  }
})

t.test('a changed account shows at every node', async (t) => {
  const nodes = [await startNode(t, connection), await startNode(t, connection)]
  const { token, accountId } = await openSession(database)
  for (const node of nodes) {
    await untilCurrent(node)
    await node.keeper.find(token)
  }
  await database.query("update accounts set username = 'renamed' where id = $1", [accountId])
  for (const node of nodes) {
    const time = await timeUntil(async () => (await node.keeper.find(token))?.username === 'renamed')
    t.ok(time < busyMs, `${time.toFixed(1)} ms`)
  }
  await database.query("update profiles set display_name = 'Ada' where account_id = $1", [accountId])
  for (const node of nodes) {
    const time = await timeUntil(async () => (await node.keeper.find(token))?.displayName === 'Ada')
    t.ok(time < busyMs, `${time.toFixed(1)} ms`)
  }
})

t.test('sessions that are ended while nodes read them as fast as they can are refused by all', async (t) => {
  const nodes = [await startNode(t, connection), await startNode(t, connection)]
  await Promise.all(nodes.map(untilCurrent))
  const tokens: string[] = []
  for (let index = 0; index < 100; index += 1) tokens.push((await openSession(database)).token)
  let isOver = false
  const readers = nodes.map(async ({ keeper, cache }) => {
    while (!isOver) {
      // Forgotten time and again, so that readings are always under way when the news comes.
      cache.forgetAll()
      await Promise.all(tokens.map((token) => keeper.find(token)))
    }
  })
  for (const [index, token] of tokens.entries()) await nodes[index % 2]?.keeper.end(token)
  isOver = true
  await Promise.all(readers)
  await pause(100)
  for (const { keeper, listener } of nodes) {
    await until(() => listener.isCurrent())
    for (const token of tokens) t.equal(await keeper.find(token), null)
  }
})

t.test('a listener that is ended by the database empties the memory and comes back', async (t) => {
  const node = await startNode(t, connection)
  await untilCurrent(node)
  const [kept, ended] = [await openSession(database), await openSession(database)]
  for (const { token } of [kept, ended]) await node.keeper.find(token)
  const before = node.statements()
  for (const { token } of [kept, ended]) await node.keeper.find(token)
  t.equal(node.statements(), before)

  await database.query(`select pg_terminate_backend(pid) from ${listeners}`)
  await database.query('delete from sessions where token_hash = $1', [hashToken(ended.token)])
  const time = await timeUntil(async () => (await node.keeper.find(ended.token)) === null)
  t.ok(time < busyMs, `${time.toFixed(1)} ms`)
  await until(() => !node.listener.isCurrent())
  t.match(node.logged, [/^nothing is answered from memory, .*: terminating connection/])
  await untilCurrent(node)
  t.match(node.logged[1], 'heard again')
  const after = node.statements()
  await node.keeper.find(kept.token)
  t.equal(node.statements(), after + 1, 'asked again')
  await node.keeper.find(kept.token)
  t.equal(node.statements(), after + 1)
})

t.test('a network that has gone silently is noticed by the clock', async (t) => {
  const door = await openDoor(t)
  const node = await startNode(t, connection, { connection: door.connection })
  await untilCurrent(node)
  const { token } = await openSession(database)
  await node.keeper.find(token)
  t.not(node.cache.recall(hashToken(token).toString('hex')), null)
  door.freeze()
  await database.query('delete from sessions where token_hash = $1', [hashToken(token)])
  const time = await timeUntil(async () => (await node.keeper.find(token)) === null)
  t.comment(`refused ${Math.round(time)} ms after it was ended behind a dead connection`)
  t.ok(time > 500, 'it was answered from memory for a while')
  t.ok(time < longestSilenceMs + busyMs)
  await until(() => node.logged.length > 0)
  t.match(node.logged, [/does not answer/])
  door.thaw()
  await untilCurrent(node)
  t.equal(await node.keeper.find(token), null)
})

t.test('behind a pooler that drops notifications nothing is remembered, and one line says so', async (t) => {
  // What such a pooler does: the listener hears itself, and nobody else.
  const sendFromElsewhere = async () => undefined
  const node = await startNode(t, connection, { sendFromElsewhere })
  const { token } = await openSession(database)
  await until(() => node.logged.length > 0)
  await pause(2500)
  t.match(node.logged, [/notifications do not arrive; a pooler in transaction mode, such as PgBouncer/])
  t.equal(node.logged.length, 1, 'however often it is tried')
  const before = node.statements()
  for (let round = 1; round <= 3; round += 1) {
    t.not(await node.keeper.find(token), null)
    t.equal(node.statements(), before + round)
  }
})

t.test('it waits for the tables, and an idle node leaves the database alone', async (t) => {
  let isReady = false
  const node = await startNode(t, connection, { isReady: async () => isReady })
  await pause(300)
  t.notOk(node.listener.isCurrent())
  isReady = true
  await untilCurrent(node)
  t.strictSame(node.logged, [])

  await pause(1500)
  const lastBeat = async () => {
    const { rows } = await database.query<{ at: Date }>(`select max(query_start) as at from ${listeners}`)
    return rows[0]?.at.getTime()
  }
  const before = await lastBeat()
  await pause(longestSilenceMs)
  t.equal(await lastBeat(), before)
  t.notOk(node.listener.isCurrent(), 'not proven any more')
  await untilCurrent(node)
  t.not(await lastBeat(), before)
})

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? NaN
}

/** A way to the database over TCP that can be made to forward nothing, without a word to either side. */
async function openDoor(t: Test) {
  const sockets = new Set<Socket>()
  let isFrozen = false
  const server = createServer((outside) => {
    const inside = connect(target(connection))
    for (const [from, to] of [[outside, inside] as const, [inside, outside] as const]) {
      sockets.add(from)
      from.on('data', (data) => isFrozen || to.write(data))
      from.on('error', () => to.destroy()).on('close', () => isFrozen || to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    connection: throughDoor(connection, port),
    freeze: () => (isFrozen = true),
    thaw: () => (isFrozen = false),
  }
}

function target(to: DatabaseConnection): { path: string } | { host: string; port: number } {
  if (!('connectionString' in to)) return { path: join(to.host, `.s.PGSQL.${to.port}`) }
  const { hostname, port } = new URL(to.connectionString)
  return { host: hostname, port: Number(port || 5432) }
}

function throughDoor(to: DatabaseConnection, port: number): DatabaseConnection {
  if (!('connectionString' in to)) return { ...to, host: '127.0.0.1', port }
  const url = new URL(to.connectionString)
  url.host = `127.0.0.1:${port}`
  return { connectionString: url.href }
}
