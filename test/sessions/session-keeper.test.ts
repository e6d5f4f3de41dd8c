import { randomUUID } from 'node:crypto'
import t from 'tap'
import { AccountStore } from '../../src/accounts/account-store.js'
import type { Queryable } from '../../src/database/queryable.js'
import { DatabaseUnavailable } from '../../src/database/database-unavailable.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { SessionCache } from '../../src/sessions/session-cache.js'
import { SessionKeeper } from '../../src/sessions/session-keeper.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import { createTestDatabase } from '../database/test-database.js'

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
const keeper = new SessionKeeper({
  sessionStore: store,
  sessionCache: new SessionCache({ sessionStore: store, size: 10, isCurrent: () => false }),
  lastUsedPrecisionSeconds: 60,
  idleTimeoutSeconds: 0,
  sweepIntervalSeconds: 60,
  now: () => now,
})

async function openSession(expiresAt: Date): Promise<string> {
  const name = randomUUID().slice(0, 12)
  const added = await new AccountStore(database).add({
    username: name,
    canonicalUsername: name,
    email: null,
    canonicalEmail: null,
    passwordHash: '',
    createdAt: start,
  })
  if (added.kind !== 'added') throw new Error(added.kind)
  const token = createRandomToken()
  const session = { tokenHash: hashToken(token), accountId: added.account.id, createdAt: start, expiresAt }
  await store.add({ ...session, replacedTokenHash: null })
  return token
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

t.test('ending a session is seen at once and happens once', async (t) => {
  const token = await openSession(after(1000))
  const ends = await Promise.all(Array.from({ length: 8 }, () => keeper.end(token)))
  t.equal(ends.filter((end) => end !== null).length, 1)
  t.equal(await keeper.find(token), null)
})
