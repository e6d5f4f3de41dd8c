import t from 'tap'
import { DatabaseUnavailable } from '../../src/database/database-unavailable.js'
import type { Database } from '../../src/database/database.js'
import { startTestService } from './test-service.js'
import { password, refresh, refreshToken, send, startWithAda } from './token-scene.js'

type Query = Parameters<Database['query']>[0]

const isOfTokens = (query: Query) =>
  typeof query === 'object' && /refresh token|signing key|session/.test(query.name)

/**
 * Has the database go away at the `turn`th statement about tokens: before it is run, or after, so that only the answer is
 * lost.
 *
 * @returns what brings it back, and tells whether it was away at all
 */
function takeAway(database: Database, turn: number, moment: 'before' | 'after'): () => boolean {
  const query = database.query.bind(database)
  let count = 0
  database.query = async (...statement) => {
    if (!isOfTokens(statement[0])) return query(...statement)
    count += 1
    if (count < turn) return query(...statement)
    if (count === turn && moment === 'after') await query(...statement)
    throw new DatabaseUnavailable(new Error('it has gone away'))
  }
  return () => {
    database.query = query
    return count >= turn
  }
}

for (const moment of ['before', 'after'] as const) {
  t.test(`wherever the database goes away ${moment} a statement, nothing is half-done`, async (t) => {
    const { service, owner } = await startWithAda(t, { SESSION_CACHE_SIZE: '0' })
    const requests = {
      refresh: () => refresh(owner),
      login: () => send(owner, '/api/login', { username: 'Ada', password }),
    }
    for (const [what, request] of Object.entries(requests)) {
      let turn = 1
      for (let wasAway = true; wasAway; turn += 1) {
        // Long enough for another look at the keys.
        service.passSeconds(10)
        const before = refreshToken(owner)
        const bringBack = takeAway(service.database, turn, moment)
        const answer = await request()
        wasAway = bringBack()
        t.equal(answer.status, wasAway ? 503 : 200, `${what}, statement ${turn}`)
        if (wasAway) t.equal(answer.headers.get('set-cookie'), null)
        // A sign-in may have ended the session before; a refresh never costs more than a second try.
        const again = what === 'login' && wasAway ? await requests.login() : await refresh(owner)
        t.equal(again.status, 200)
        t.not(refreshToken(owner), before)
      }
      t.ok(turn > 4, `${what} has ${turn - 2} statements`)
    }
  })
}

t.test('where no token can be signed no account is made, and no session', async (t) => {
  const secret = Buffer.alloc(32, 1).toString('base64url')
  const { service } = await startWithAda(t, { SIGNING_KEY_SECRET: secret })
  const other = await startTestService(t, {}, service)
  const count = async (table: string) => (await service.database.query(`select from ${table}`)).rowCount
  const program = other.browser()
  t.equal((await send(program, '/api/register', { username: 'Bob', password })).status, 500)
  t.equal((await send(program, '/api/login', { username: 'Ada', password })).status, 500)
  t.strictSame([await count('accounts'), await count('sessions')], [1, 1])
  t.equal((await send(service.browser(), '/api/register', { username: 'Bob', password })).status, 201)
})
