import t from 'tap'
import { SecurityEventStore } from '../../src/security-events/security-event-store.js'
import { until } from '../database/until.js'
import { readEvents } from '../security-events/read-events.js'
import { startTestService, type TestService } from './test-service.js'

const password = 'correct horse battery'
const ada = { username: 'Ada', password, confirmPassword: password }
const firefox = { 'user-agent': 'Firefox' }

async function eventsOf({ database }: TestService) {
  const { rows } = await database.query<{ id: string }>("select id from accounts where username = 'Ada'")
  return readEvents(database, rows[0]?.id ?? '')
}

/** Waits until so many events are written; gives their kinds in the order in which they happened. */
async function kindsOf(service: TestService, count: number): Promise<string[]> {
  await until(async () => (await eventsOf(service)).length >= count)
  return (await eventsOf(service)).map(({ kind }) => kind).toReversed()
}

t.test('an account remembers who signed in, who failed, and when it was locked', async (t) => {
  const service = await startTestService(t, {
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2',
    FAILED_ATTEMPTS_BEFORE_LOCK: '3',
    FAILED_ATTEMPTS_COOLDOWN_SECONDS: '60',
  })
  const browser = service.browser()
  await browser.post('/register', ada, firefox)
  await browser.post('/logout', {}, firefox)
  await browser.post('/logout', {}, firefox)
  await browser.post('/login', { username: 'ada', password }, { 'user-agent': 'x'.repeat(1000) })
  t.strictSame(await kindsOf(service, 4), ['registered', 'signedIn', 'signedOut', 'signedIn'])
  t.match(await eventsOf(service), [
    { clientAddress: '127.0.0.1', userAgent: 'x'.repeat(256) },
    { clientAddress: '127.0.0.1', userAgent: 'Firefox' },
  ])

  const { rows } = await service.database.query('select user_agent from sessions')
  t.strictSame(rows, [{ user_agent: 'x'.repeat(256) }], 'a session knows its browser, too')

  const guess = () => service.browser().post('/login', { username: 'Ada', password: 'wrong' })
  for (const status of [401, 429, 429]) t.equal((await guess()).status, status)
  service.passSeconds(61)
  for (const status of [403, 403]) t.equal((await guess()).status, status)
  t.strictSame(
    (await kindsOf(service, 8)).slice(4),
    ['signInFailed', 'signInFailed', 'signInFailed', 'accountLocked'],
    'what was not compared with the password is no failure',
  )
})

t.test('a try at nobody, and one that was turned away, leave nothing', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  await service.browser().post('/login', { username: 'nobody', password })
  await service.browser().post('/login', { username: 'Ada', password: '' })
  t.equal((await service.browser().post('/register', ada)).status, 409)
  await browser.post('/logout')
  t.strictSame(await kindsOf(service, 3), ['registered', 'signedIn', 'signedOut'])
})

t.test('strangers cannot push what its owner did out of the list', async (t) => {
  const service = await startTestService(t, { RECOVERY_METHODS: 'none' })
  const browser = service.browser()
  await browser.post('/register', ada, firefox)
  const { rows } = await service.database.query<{ id: string }>('select id from accounts')
  await new SecurityEventStore(service.database).add(
    Array.from({ length: 60 }, (_, index) => ({
      accountId: rows[0]?.id ?? '',
      kind: 'signInFailed' as const,
      at: new Date(`2026-01-02T10:${String(index).padStart(2, '0')}:00Z`),
      clientAddress: `192.0.2.${index % 25}`,
      userAgent: firefox['user-agent'],
    })),
  )
  const page = (await browser.get('/profile/events')).body
  t.match(page, 'Somebody entered a wrong password, 60 times')
  t.match(
    page,
    /From <time datetime="2026-01-02T10:00:00.000Z">.* until <time datetime="2026-01-02T10:59:00.000Z">/,
  )
  t.match(page, 'From 25 addresses; the last time: ')
  t.match(page, 'This account was created')
  t.notMatch(page, 'Older events')
})

t.test('a sign-in waits for no event and fails by none', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  await kindsOf(service, 2)
  await service.database.query('alter table security_events rename to other')
  t.equal((await browser.post('/login', { username: 'Ada', password })).status, 303)
  await until(() => service.logged().some(({ msg }) => msg === 'security events were not written'))
  await service.database.query('alter table other rename to security_events')
  t.equal((await browser.post('/login', { username: 'Ada', password })).status, 303)
  t.strictSame(await kindsOf(service, 3), ['registered', 'signedIn', 'signedIn'])
})
