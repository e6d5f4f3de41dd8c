import t from 'tap'
import type { Queryable } from '../../src/database/queryable.js'
import { DatabaseUnavailable } from '../../src/database/database-unavailable.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { tokenKey } from '../../src/secrets/token-key.js'
import { SessionCache } from '../../src/sessions/session-cache.js'
import { SessionKeeper } from '../../src/sessions/session-keeper.js'
import { SessionListStore } from '../../src/sessions/session-list-store.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import { createTestDatabase } from '../database/test-database.js'
import { openSession as openSessionOn } from './session-node.js'

const start = new Date('2026-01-01T00:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)

const { database } = await createTestDatabase(t)
let isGone = false
let statements = 0
/** The real database behind a door that can be shut and counts who passes. */
const door: Queryable = {
  query: async (...query) => {
    statements += 1
    if (isGone) throw new DatabaseUnavailable(new Error('gone'))
    return database.query(...query)
  },
}
const store = new SessionStore(door)
let now = start
const keeper = createKeeper(rememberSessions({ isCurrent: () => false }))

function rememberSessions(settings: { size?: number; isCurrent?: () => boolean } = {}): SessionCache {
  return new SessionCache({ sessionStore: store, size: 10, isCurrent: () => true, ...settings })
}

function createKeeper(sessionCache: SessionCache, idleTimeoutSeconds = 0): SessionKeeper {
  return new SessionKeeper({
    sessionListStore: new SessionListStore(database),
    sessionStore: store,
    sessionCache,
    lastUsedPrecisionSeconds: 60,
    idleTimeoutSeconds,
    sweepIntervalSeconds: 60,
    now: () => now,
  })
}

async function openSession(expiresAt: Date): Promise<string> {
  return (await openSessionOn(database, { createdAt: start, expiresAt })).token
}

t.beforeEach(async () => {
  await database.query('delete from sessions')
  now = start
})

t.test('a session is found until the second in which it expires', async (t) => {
  const token = await openSession(after(100))
  now = after(99)
  t.match(await keeper.find(token), { expiresAt: after(100) })
  now = after(100)
  t.equal(await keeper.find(token), null)
  t.equal(await keeper.find(createRandomToken()), null)
})

t.test('the time of last use costs one write for all sessions, and none within its precision', async (t) => {
  const tokens = [await openSession(after(1000)), await openSession(after(1000))]
  const lastUsed = async () => {
    const { rows } = await database.query<{ last_used_at: Date }>('select last_used_at from sessions')
    return rows.map((row) => row.last_used_at)
  }
  now = after(59)
  for (const token of tokens) await keeper.find(token)
  await keeper.saveLastUsed()
  t.strictSame(await lastUsed(), [start, start])

  now = after(60)
  for (const token of [...tokens, ...tokens, ...tokens]) await keeper.find(token)
  statements = 0
  await keeper.saveLastUsed()
  t.equal(statements, 1)
  t.strictSame(await lastUsed(), [after(60), after(60)])
  await keeper.saveLastUsed()
  t.equal(statements, 1, 'nothing left to write')
})

t.test('times of last use survive a database that is away, and never go back', async (t) => {
  const token = await openSession(after(1000))
  now = after(100)
  await keeper.find(token)
  isGone = true
  await t.rejects(keeper.saveLastUsed(), DatabaseUnavailable)
  isGone = false
  await database.query('update sessions set last_used_at = $1', [after(90)])
  await keeper.saveLastUsed()
  const { rows } = await database.query('select last_used_at from sessions')
  t.strictSame(rows, [{ last_used_at: after(100) }])
  const [{ id }] = (await database.query<{ id: string }>('select id from sessions')).rows as [{ id: string }]
  await store.touch([id], [after(50)])
  t.strictSame((await database.query('select last_used_at from sessions')).rows, [
    { last_used_at: after(100) },
  ])
})

t.test('expired sessions are swept in small batches, the others stay', async (t) => {
  const staying = await openSession(after(1000))
  await database.query(
    `insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at)
     select sha256(number::text::bytea), account_id, created_at, created_at, $1
     from sessions, generate_series(1, 1200) as number`,
    [after(10)],
  )
  now = after(10)
  statements = 0
  t.equal(await keeper.sweep(), 1200)
  t.equal(statements, 3, 'batches of 500')
  t.not(await keeper.find(staying), null)
})

t.test('a session that nobody uses ends, and its use at any node keeps it', async (t) => {
  const [one, other] = [createKeeper(rememberSessions(), 300), createKeeper(rememberSessions(), 300)]
  const token = await openSession(after(10_000))
  now = after(299)
  t.not(await one.find(token), null)
  now = after(300)
  t.equal(await other.find(token), null, 'what one node has not saved the other cannot know')
  await one.saveLastUsed()
  t.not(await other.find(token), null)
  await other.saveLastUsed()

  now = after(550)
  t.not(await other.find(token), null)
  await other.saveLastUsed()
  now = after(849)
  t.not(await one.find(token), null, 'idle in its own memory, but used at the other')
  now = after(1148)
  t.not(await one.find(token), null, 'its own use counts before it is saved')
  await one.saveLastUsed()
  now = after(1448)
  t.equal(await one.find(token), null)
  t.equal(await other.find(token), null)
  now = after(1448 + 119)
  t.equal(await one.sweep(), 0, 'another node might know of a later use')
  now = after(1448 + 120)
  t.equal(await one.sweep(), 1)
})

t.test('a use that is not saved yet counts where it is known, whatever memory has lost', async (t) => {
  const sessionCache = rememberSessions({ size: 0 })
  const keeper = createKeeper(sessionCache, 300)
  const token = await openSession(after(10_000))
  now = after(200)
  await keeper.find(token)
  now = after(499)
  t.not(await keeper.find(token), null)
  isGone = true
  await t.rejects(keeper.saveLastUsed(), DatabaseUnavailable)
  isGone = false
  now = after(798)
  t.not(await keeper.find(token), null)
})

t.test('the absolute end stays, however much a session is used, also in memory', async (t) => {
  const sessionCache = rememberSessions()
  const keeper = createKeeper(sessionCache, 300)
  const token = await openSession(after(1000))
  for (const second of [200, 400, 600, 800, 999]) {
    now = after(second)
    t.not(await keeper.find(token), null)
  }
  t.not(sessionCache.recall(tokenKey(token)), null)
  now = after(1000)
  t.equal(await keeper.find(token), null)
})

t.test('answers from memory are noted as uses, once within the precision', async (t) => {
  const sessionCache = rememberSessions()
  const keeper = createKeeper(sessionCache)
  const token = await openSession(after(1000))
  await keeper.find(token)
  const saved: [second: number, statements: number][] = [
    [59, 0],
    [60, 1],
    [119, 0],
    [120, 1],
  ]
  for (const [second, writes] of saved) {
    now = after(second)
    statements = 0
    await keeper.find(token)
    await keeper.find(token)
    await keeper.saveLastUsed()
    t.equal(statements, writes, `second ${second}`)
  }
  const { rows } = await database.query('select last_used_at from sessions')
  t.strictSame(rows, [{ last_used_at: after(120) }])
})

t.test('ending a session is seen at once and happens once', async (t) => {
  const token = await openSession(after(1000))
  const ends = await Promise.all(Array.from({ length: 8 }, () => keeper.end(token)))
  t.equal(ends.filter((end) => end !== null).length, 1)
  t.equal(await keeper.find(token), null)
})

t.test(
  'where a session was ended or replaced memory knows it at once, also when no answer came',
  async (t) => {
    const sessionCache = rememberSessions()
    const keeper = createKeeper(sessionCache)
    const replace = async (token: string) => {
      const { accountId } = (await keeper.find(token)) ?? { accountId: '' }
      const replacedTokenHash = hashToken(token)
      const session = {
        tokenHash: hashToken(createRandomToken()),
        accountId,
        passwordVersion: 1,
        userAgent: null,
        createdAt: start,
      }
      await keeper.add({ ...session, expiresAt: after(1000), replacedTokenHash })
    }
    const end = async (token: string) => {
      await keeper.end(token)
    }
    for (const finish of [end, replace]) {
      const token = await openSession(after(1000))
      await keeper.find(token)
      t.not(sessionCache.recall(tokenKey(token)), null)
      await finish(token)
      t.equal(sessionCache.recall(tokenKey(token)), null)

      const other = await openSession(after(1000))
      await keeper.find(other)
      isGone = true
      await t.rejects(finish(other), DatabaseUnavailable)
      isGone = false
      t.equal(sessionCache.recall(tokenKey(other)), null)
    }
  },
)
