import { randomUUID } from 'node:crypto'
import t from 'tap'
import { pino } from 'pino'
import type { Queryable } from '../../src/database/queryable.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { END_REASONS, type EndReason } from '../../src/sessions/end-reason.js'
import { EndedSessionStore } from '../../src/sessions/ended-session-store.js'
import { SessionCache } from '../../src/sessions/session-cache.js'
import { SessionKeeper } from '../../src/sessions/session-keeper.js'
import { SessionListStore } from '../../src/sessions/session-list-store.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import { SessionUpkeep } from '../../src/sessions/session-upkeep.js'
import { createTestDatabase } from '../database/test-database.js'
import { openSession } from './session-node.js'

const start = new Date('2026-01-01T00:00:00Z')
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const { database } = await createTestDatabase(t)
const store = new SessionStore(database)
const endedSessionStore = new EndedSessionStore(database)
let now = start
const createKeeper = (idleTimeoutSeconds = 0) =>
  new SessionKeeper({
    sessionListStore: new SessionListStore(database),
    sessionStore: store,
    sessionCache: new SessionCache({ sessionStore: store, size: 10, isCurrent: () => true }),
    lastUsedPrecisionSeconds: 60,
    idleTimeoutSeconds,
    sweepIntervalSeconds: 60,
    now: () => now,
  })

type Opened = { token: string; id: string }

/** One person on several browsers; the first session is the oldest. */
async function signInOn(
  userAgents: readonly (string | null)[],
): Promise<{ accountId: string; sessions: Opened[] }> {
  const { accountId } = await openSession(database, { createdAt: start, expiresAt: after(1) })
  await database.query('delete from sessions where account_id = $1', [accountId])
  const sessions: Opened[] = []
  for (const [index, userAgent] of userAgents.entries()) {
    const token = createRandomToken()
    await store.add({
      tokenHash: hashToken(token),
      accountId,
      passwordVersion: 1,
      userAgent,
      createdAt: after(index),
      expiresAt: after(1000),
      replacedTokenHash: null,
    })
    const id = (await createKeeper().find(token))?.id ?? ''
    sessions.push({ token, id })
  }
  return { accountId, sessions }
}

async function reasonsOf(sessions: readonly Opened[]): Promise<(EndReason | 'open' | null)[]> {
  return Promise.all(
    sessions.map(async ({ token }) => {
      const isOpen = (await createKeeper().find(token)) !== null
      return isOpen ? 'open' : endedSessionStore.find([hashToken(token)])
    }),
  )
}

t.beforeEach(() => {
  now = start
})

t.test(
  'each way to end sessions ends those it names, of that account alone, and keeps the reason',
  async (t) => {
    const cases: [
      title: string,
      end: (accountId: string, sessionId: string) => Promise<number | boolean>,
      answer: number | boolean,
      left: (EndReason | 'open')[],
    ][] = [
      [
        'all',
        (id) => store.endAllOf(id, 'passwordReset', now),
        3,
        ['passwordReset', 'passwordReset', 'passwordReset'],
      ],
      [
        'all others',
        (id, kept) => store.endOthersOf(id, kept, 'passwordChanged', now),
        2,
        ['passwordChanged', 'open', 'passwordChanged'],
      ],
      [
        'one',
        (id, one) => store.endOne(id, one, 'endedByOwner', now),
        true,
        ['open', 'endedByOwner', 'open'],
      ],
      [
        'no such one',
        (id) => store.endOne(id, randomUUID(), 'endedByOwner', now),
        false,
        ['open', 'open', 'open'],
      ],
    ]
    for (const [title, end, answer, left] of cases) {
      const other = await signInOn([null])
      const { accountId, sessions } = await signInOn(['a', 'b', 'c'])
      t.equal(await end(accountId, sessions[1]?.id ?? ''), answer, title)
      t.strictSame(await reasonsOf(sessions), left, title)
      t.strictSame(await reasonsOf(other.sessions), ['open'], title)
      t.equal(await store.endOne(accountId, other.sessions[0]?.id ?? '', 'endedByOwner', now), false)
      t.strictSame(await reasonsOf(other.sessions), ['open'], "nobody ends another account's session")
    }
  },
)

t.test('of parallel tries to end one session, one does', async (t) => {
  const { accountId, sessions } = await signInOn(['a'])
  const id = sessions[0]?.id ?? ''
  const ends = await Promise.all(
    Array.from({ length: 8 }, () => store.endOne(accountId, id, 'endedByOwner', now)),
  )
  t.equal(ends.filter((end) => end).length, 1)
})

t.test('signing out and expiry leave no reason behind', async (t) => {
  const { sessions } = await signInOn(['a', 'b'])
  await createKeeper().end(sessions[0]?.token ?? '')
  now = after(1000)
  await createKeeper().sweep()
  t.strictSame(await reasonsOf(sessions), [null, null])
})

t.test('a reason that this release does not know is none', async (t) => {
  const tokenHash = hashToken(createRandomToken())
  await database.query('insert into ended_sessions values ($1, $2, $3)', [tokenHash, 'new one', now])
  t.equal(await endedSessionStore.find([tokenHash]), null)
})

t.test('reasons are kept for 30 days', async (t) => {
  const days = (count: number) => after(count * 24 * 3600)
  const hashes = END_REASONS.map(() => hashToken(createRandomToken()))
  for (const [index, reason] of END_REASONS.entries())
    await database.query('insert into ended_sessions values ($1, $2, $3)', [
      hashes[index],
      reason,
      days(index),
    ])
  const upkeep = new SessionUpkeep({
    sessionKeeper: createKeeper(),
    endedSessionStore,
    intervalSeconds: 60,
    log: pino({ level: 'silent' }),
    now: () => now,
  })
  now = days(32)
  await upkeep.sweep()
  const left = await Promise.all(hashes.map(async (each) => endedSessionStore.find([each])))
  t.strictSame(left, [null, null, ...END_REASONS.slice(2)])
  t.equal(await endedSessionStore.find(hashes), END_REASONS.at(-1), 'the latest of several')
})

t.test(
  'the sessions of an account are listed as exactly as is known, without those that are over',
  async (t) => {
    const { accountId, sessions } = await signInOn(['old', 'Firefox', null])
    const keeper = createKeeper(500)
    now = after(400)
    await keeper.find(sessions[1]?.token ?? '')
    t.match(await keeper.listOf(accountId, sessions[0]?.id ?? '', 20), [
      {
        id: sessions[1]?.id,
        userAgent: 'Firefox',
        createdAt: after(1),
        lastUsedAt: after(400),
        expiresAt: after(1000),
      },
      { userAgent: null, lastUsedAt: after(2) },
      { userAgent: 'old', lastUsedAt: start },
    ])
    now = after(501)
    t.match(
      (await keeper.listOf(accountId, sessions[0]?.id ?? '', 20)).map(({ userAgent }) => userAgent),
      ['Firefox', null],
      'unused for too long',
    )
    t.equal(await keeper.countOf(accountId), 1, 'uses are counted once they are saved')
    await keeper.saveLastUsed()
    t.equal(await keeper.countOf(accountId), 2)
    const [own] = await keeper.listOf(accountId, sessions[2]?.id ?? '', 1)
    t.equal(own?.id, sessions[2]?.id, 'the own one is never left out')
    now = after(1000)
    t.strictSame(await keeper.listOf(accountId, sessions[0]?.id ?? '', 20), [])
  },
)

t.test('of an account 1,000 sessions stay, and those that were unused the longest end', async (t) => {
  const other = await signInOn(['other'])
  const { accountId, sessions } = await signInOn(['used', 'unused'])
  await store.touch([sessions[0]?.id ?? ''], [after(3)])
  const signIn = (passwordVersion = 1) =>
    store.add({
      tokenHash: hashToken(createRandomToken()),
      accountId,
      passwordVersion,
      userAgent: null,
      createdAt: after(4),
      expiresAt: after(1000),
      replacedTokenHash: null,
    })
  const fill = (count: number) =>
    database.query(
      `insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at)
       select sha256(gen_random_uuid()::text::bytea), $1, $2, $2, $3
       from generate_series(1, $4)`,
      [accountId, after(2), after(1000), count],
    )
  const count = async () => {
    const { rowCount } = await database.query('select from sessions where account_id = $1', [accountId])
    return rowCount
  }
  await fill(998)
  t.equal(await count(), 1000)
  await signIn(2)
  t.equal(await count(), 1000, 'a sign-in that opens none ends none')
  await signIn()
  t.equal(await count(), 1000)
  t.strictSame(await reasonsOf(sessions), ['open', null])
  await fill(5000)
  await Promise.all(Array.from({ length: 16 }, () => signIn()))
  await signIn()
  t.equal(await count(), 1000, 'also after several at once')
  t.strictSame(await reasonsOf([...sessions, ...other.sessions]), ['open', null, 'open'])
})

t.test('a token is renewed once, and not when its session is over', async (t) => {
  const { sessions } = await signInOn(['a', 'b'])
  const [first = '', second = ''] = sessions.map(({ token }) => token)
  const keeper = createKeeper()
  const renewed = await Promise.all(Array.from({ length: 8 }, () => keeper.renewToken(first)))
  t.equal(renewed.filter((token) => token !== null).length, 1)
  t.equal(await keeper.find(first), null)
  now = after(1000)
  t.equal(await keeper.renewToken(second), null)
  t.equal(await keeper.renewToken(createRandomToken()), null)
})

t.test('a node forgets an account whose sessions it has ended before the database tells it', async (t) => {
  const { accountId, sessions } = await signInOn(['a'])
  const { token = '' } = sessions[0] ?? {}
  const keeper = createKeeper()
  await keeper.find(token)
  await store.endAllOf(accountId, 'passwordReset', now)
  t.not(await keeper.find(token), null, 'remembered, as nothing was heard in this test')
  keeper.forgetAccount(accountId)
  t.equal(await keeper.find(token), null)
})

t.test('a session that cannot be ended keeps no reason either', async (t) => {
  const { accountId, sessions } = await signInOn(['a'])
  const failing = database.transaction(async (client: Queryable) => {
    await new SessionStore(client).endAllOf(accountId, 'passwordReset', now)
    throw new Error('something else failed')
  })
  await t.rejects(failing, { message: 'something else failed' })
  t.strictSame(await reasonsOf(sessions), ['open'])
  t.equal(await endedSessionStore.find([hashToken(sessions[0]?.token ?? '')]), null)
})
