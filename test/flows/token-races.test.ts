import t from 'tap'
import { hashToken } from '../../src/secrets/hash-token.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import { until } from '../database/until.js'
import { startTestService, type TestService } from './test-service.js'
import { countTokens, holderOf, refresh, refreshToken, send, signIn, startWithAda } from './token-scene.js'

/** Uses of one token at one moment, by turns at each of the nodes. */
async function useTogether(token: string, nodes: TestService[], count = 16) {
  const holders = Array.from({ length: count }, (_, index) =>
    holderOf(token, nodes[index % nodes.length] as TestService),
  )
  const answers = await Promise.all(holders.map(refresh))
  return {
    statuses: [...new Set(answers.map(({ status }) => status))],
    tokens: [...new Set(holders.map(refreshToken))],
  }
}

/** Waits until so many statements wait for a lock. */
async function untilWaiting({ database }: TestService, count: number): Promise<void> {
  await until(async () => {
    const { rows } = await database.query<{ waiting: number }>(
      `select count(*)::int as waiting
       from pg_stat_activity
       where datname = current_database()
         and wait_event_type = 'Lock'`,
    )
    return (rows[0]?.waiting ?? 0) >= count
  })
}

t.test('16 parallel uses of one token, at two nodes, go on with one and the same next one', async (t) => {
  const { service, owner } = await startWithAda(t)
  const nodes = [service, await startTestService(t, {}, service)]
  let token = refreshToken(owner)
  for (let round = 1; round <= 5; round++) {
    const { statuses, tokens } = await useTogether(token, nodes)
    t.strictSame(statuses, [200])
    t.equal(tokens.length, 1)
    t.not(tokens[0], token)
    t.equal(await countTokens(service), round + 1)
    token = tokens[0] ?? ''
  }
})

t.test('without a grace, of 16 parallel uses one wins and the family ends', async (t) => {
  const settings = { REFRESH_TOKEN_GRACE_SECONDS: '0' }
  const { service, owner } = await startWithAda(t, settings)
  const nodes = [service, await startTestService(t, settings, service)]
  const { tokens } = await useTogether(refreshToken(owner), nodes)
  t.ok(tokens.length <= 2, 'one has got the next one')
  t.equal(await countTokens(service), 0)
  for (const token of tokens) t.equal((await refresh(holderOf(token, service))).status, 401)
})

t.test('a rotation under way when the family ends leaves nothing behind', async (t) => {
  const { service, owner } = await startWithAda(t)
  const used = refreshToken(owner)
  await refresh(owner)
  service.passSeconds(60)
  const { rows } = await service.database.query<{ session_id: string }>(
    'select session_id from refresh_tokens limit 1',
  )
  const sessionId = rows[0]?.session_id
  let rotation: ReturnType<typeof refresh> | undefined
  let theft: ReturnType<typeof refresh> | undefined
  await service.database.transaction(async (client) => {
    // The rotation has the session, and waits for its own token; the theft then waits for the session.
    await client.query('select from refresh_tokens where session_id = $1 and used_at is null for update', [
      sessionId,
    ])
    rotation = refresh(owner)
    await untilWaiting(service, 1)
    theft = refresh(holderOf(used, service))
    await untilWaiting(service, 2)
  })
  t.equal((await rotation)?.status, 200)
  t.equal((await theft)?.status, 401)
  t.equal(await countTokens(service), 0, 'the one that was just put in place is ended too')
  t.equal((await refresh(owner)).status, 401)
})

t.test('a session that ends while its token is rotated takes the next one with it', async (t) => {
  const { service, owner } = await startWithAda(t)
  const sessionHash = hashToken(owner.cookies.get('latchkey_session') ?? '')
  await service.database.query('delete from security_events')
  let rotation: ReturnType<typeof refresh> | undefined
  await service.database.transaction(async (client) => {
    await new SessionStore(client).end(sessionHash)
    rotation = refresh(owner)
    await untilWaiting(service, 1)
  })
  t.equal((await rotation)?.status, 401)
  t.equal(await countTokens(service), 0)

  const again = await signIn(service)
  let leaving: ReturnType<typeof send> | undefined
  await service.database.transaction(async (client) => {
    await client.query('select from refresh_tokens for update')
    rotation = refresh(again)
    await untilWaiting(service, 1)
    leaving = send(holderWith(again.cookies.get('latchkey_session') ?? '', service), '/api/logout')
    await untilWaiting(service, 2)
  })
  t.equal((await leaving)?.status, 200, 'leaving is not in the way of a deadlock')
  t.equal((await rotation)?.status, 200)
  t.equal(await countTokens(service), 0)
  t.equal((await refresh(again)).status, 401)
})

function holderWith(session: string, { browser }: TestService) {
  const holder = browser()
  holder.cookies.set('latchkey_session', session)
  return holder
}

t.test('signing out and refreshing at one moment never leaves a token behind', async (t) => {
  const { service } = await startWithAda(t)
  const nodes = [service, await startTestService(t, {}, service)]
  for (let round = 0; round < 10; round++) {
    const browser = await signIn(service)
    const token = refreshToken(browser)
    const [left, { tokens }] = await Promise.all([send(browser, '/api/logout'), useTogether(token, nodes, 4)])
    t.equal(left.status, 200)
    for (const each of tokens) t.equal((await refresh(holderOf(each, service))).status, 401)
  }
})

t.test('a session keeps the last 1,000 tokens that it has used', async (t) => {
  const { service, owner } = await startWithAda(t)
  await service.database.query(
    `insert into refresh_tokens (token_hash, session_id, password_version, expires_at, used_at, sealed_successor)
     select sha256(n::text::bytea), id, 1, now() + interval '1 day', now() - n * interval '1 minute', ''
     from sessions, generate_series(1, 1500) as n`,
  )
  t.equal((await refresh(owner)).status, 200)
  t.equal(await countTokens(service), 1 + 1 + 1000)
  const { rows } = await service.database.query<{ oldest: number }>(
    'select extract(epoch from now() - min(used_at))::int / 60 as oldest from refresh_tokens',
  )
  t.equal(rows[0]?.oldest, 1000)
})

t.test('expired tokens are swept', async (t) => {
  const { service, owner } = await startWithAda(t, { SESSION_SWEEP_INTERVAL_SECONDS: '1' })
  await refresh(owner)
  service.passSeconds(7 * 86_400 + 1)
  await until(async () => (await countTokens(service)) === 0)
  t.equal((await owner.get('/api/session')).status, 200)
})
