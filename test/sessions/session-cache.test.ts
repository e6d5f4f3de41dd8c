import t from 'tap'
import type { Queryable } from '../../src/database/queryable.js'
import { SessionCache } from '../../src/sessions/session-cache.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { tokenKey } from '../../src/secrets/token-key.js'
import { createTestDatabase } from '../database/test-database.js'
import { openSession } from './session-node.js'

const { database } = await createTestDatabase(t)
let statements = 0
/** Holds answers back that Postgres has given already, until the test lets them go. */
let holdBack: Promise<void> | null = null
const door: Queryable = {
  query: async (...query) => {
    statements += 1
    const until = holdBack
    const answer = await database.query(...query)
    await until
    return answer as never
  },
}
const sessionStore = new SessionStore(door)
let isCurrent = true
const createCache = (size = 3) => new SessionCache({ sessionStore, size, isCurrent: () => isCurrent })

const keys: string[] = []
const accountIds: string[] = []
for (let index = 0; index < 6; index += 1) {
  const { key, accountId } = await openSession(database)
  keys.push(key)
  accountIds.push(accountId)
}
const [first = '', second = '', third = '', fourth = ''] = keys
const remembered = (cache: SessionCache) => keys.filter((key) => cache.recall(key) !== null)

t.beforeEach(() => {
  isCurrent = true
  holdBack = null
  statements = 0
})

t.test(
  'who was not asked for of late is forgotten first, and never are there more than its size',
  async (t) => {
    const cache = createCache()
    for (const key of [first, second, third]) await cache.read(key)
    t.match(cache.recall(first), { accountId: accountIds[0] })
    await cache.read(fourth)
    t.strictSame(remembered(cache), [first, third, fourth])
    for (const key of [...keys, ...keys]) await cache.read(key)
    t.equal(remembered(cache).length, 3)
    await cache.read(first)
    await cache.read(first)
    t.equal(remembered(cache).length, 3, 'reading again takes no second place')
  },
)

t.test('a size of 0 remembers nothing', async (t) => {
  const cache = createCache(0)
  t.match(await cache.read(first), { accountId: accountIds[0] })
  t.strictSame(remembered(cache), [])
})

t.test('that a session does not exist is not remembered', async (t) => {
  const cache = createCache()
  const key = tokenKey(createRandomToken())
  t.equal(await cache.read(key), null)
  t.equal(await cache.read(key), null)
  t.equal(cache.recall(key), null)
  t.equal(statements, 2)
})

t.test('all misses of one turn of the event loop cost one statement', async (t) => {
  const cache = createCache(10)
  const unknown = tokenKey(createRandomToken())
  const found = await Promise.all([...keys, ...keys, unknown].map((key) => cache.read(key)))
  t.equal(statements, 1)
  t.strictSame(
    found.map((session) => session?.accountId),
    [...accountIds, ...accountIds, undefined],
  )
  await cache.read(first)
  t.equal(statements, 2, 'the next turn asks anew')
})

t.test('nothing is recalled while changes are not heard', async (t) => {
  const cache = createCache()
  await cache.read(first)
  isCurrent = false
  t.equal(cache.recall(first), null)
  isCurrent = true
  t.not(cache.recall(first), null)
})

t.test('what somebody holds counts only as long as it is remembered and that can be relied on', async (t) => {
  const cache = createCache()
  t.equal(cache.hold(first), null)
  await cache.read(first)
  const held = cache.hold(first)
  if (held === null) throw new Error('it is not remembered')
  t.match(cache.reuse(held), { accountId: accountIds[0] })
  isCurrent = false
  t.equal(cache.reuse(held), null)
  isCurrent = true
  cache.hear(accountIds[0] ?? '')
  t.equal(cache.reuse(held), null)
  await cache.read(first)
  t.equal(cache.reuse(held), null, 'what was read anew is something else')
})

t.test('to use what one holds counts as a use', async (t) => {
  const cache = createCache()
  for (const key of [first, second, third]) await cache.read(key)
  const held = cache.hold(first)
  if (held !== null) cache.reuse(held)
  await cache.read(fourth)
  t.strictSame(remembered(cache), [first, third, fourth])
})

t.test('what is told is forgotten, and nothing else', async (t) => {
  const cases: [message: string, left: string[]][] = [
    [first, [second, third]],
    [`${first} ${third}`, [second]],
    [accountIds[1] ?? '', [first, third]],
    [`${accountIds[1]} ${accountIds[2]} ${fourth}`, [first]],
    [fourth, [first, second, third]],
    ['*', []],
    ['', [first, second, third]],
  ]
  for (const [message, left] of cases) {
    const cache = createCache()
    for (const key of [first, second, third]) await cache.read(key)
    cache.hear(message)
    t.strictSame(remembered(cache), left)
  }
})

t.test(
  'a row that was read before a change but arrives after the news of it is not remembered',
  async (t) => {
    for (const message of [first, accountIds[0] ?? '', '*']) {
      const cache = createCache()
      let letGo = () => {}
      holdBack = new Promise((resolve) => (letGo = resolve))
      statements = 0
      const reading = Promise.all([cache.read(first), cache.read(second)])
      while (statements === 0) await new Promise(setImmediate)
      cache.hear(message)
      letGo()
      t.match(
        await reading,
        [{ accountId: accountIds[0] }, { accountId: accountIds[1] }],
        'who asked before gets it',
      )
      holdBack = null
      t.strictSame(remembered(cache), message === '*' ? [] : [second])
      await cache.read(first)
      t.ok(remembered(cache).includes(first), 'what is read afterwards is')
    }
  },
)

t.test('who asks after a change does not join a reading from before it', async (t) => {
  const { key } = await openSession(database)
  const cache = createCache()
  let letGo = () => {}
  holdBack = new Promise((resolve) => (letGo = resolve))
  const before = cache.read(key)
  while (statements === 0) await new Promise(setImmediate)
  holdBack = null
  await database.query('delete from sessions where token_hash = $1', [Buffer.from(key, 'hex')])
  t.equal(await cache.read(key), null)
  letGo()
  t.not(await before, null)
})

t.test('a reading that fails is told to all who asked, and the next one is tried', async (t) => {
  const cache = createCache()
  holdBack = Promise.reject(new Error('away'))
  holdBack.catch(() => undefined)
  const results = await Promise.allSettled([cache.read(first), cache.read(second)])
  t.strictSame(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  holdBack = null
  t.not(await cache.read(first), null)
})
