import t, { type Test } from 'tap'
import { AccountStore } from '../../src/accounts/account-store.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import { until } from '../database/until.js'
import { savePasskey } from './save-passkey.js'
import { startTestService, type TestService } from './test-service.js'
import type { Page, TestBrowser } from './test-browser.js'

const password = 'correct horse battery'
const slowHashing = { PASSWORD_HASH_MEMORY_KIB: '32768', PASSWORD_HASH_ITERATIONS: '40' }
const wrong = 'a wrong guess indeed'
const ada = { username: 'Ada', password, confirmPassword: password, email: 'ada@example.com' }

async function startWithAda(t: Test, settings: Record<string, string> = {}) {
  const service = await startTestService(t, { FAILED_ATTEMPTS_PER_ADDRESS: '1000000', ...settings })
  const owner = service.browser()
  await owner.post('/register', ada)
  await savePasskey(owner)
  return { service, owner }
}

const guess = (browser: TestBrowser, username = 'Ada', typed = wrong): Promise<Page> =>
  browser.post('/login', { username, password: typed })

/** Statuses of so many wrong guesses, one after the other, each by a browser that was never here. */
async function guessRepeatedly(service: TestService, count: number, username = 'Ada'): Promise<number[]> {
  const statuses: number[] = []
  for (let index = 0; index < count; index++) statuses.push((await guess(service.browser(), username)).status)
  return statuses
}

const fill = (count: number, status: number): number[] => Array.from({ length: count }, () => status)

t.test(
  'the 5th failure starts a cooldown and the 20th locks; in between the page tells which it was',
  async (t) => {
    const { service } = await startWithAda(t)
    for (let failures = 1; failures < 5; failures++) {
      const page = await guess(service.browser())
      t.equal(page.status, 401)
      t.match(page.body, `Attempt ${failures} of 20.`)
    }
    const fifth = await guess(service.browser())
    t.equal(fifth.status, 429)
    t.equal(fifth.headers.get('retry-after'), '900')
    t.match(fifth.body, 'try again in 15 minutes')

    service.passSeconds(600)
    const early = await guess(service.browser(), 'Ada', password)
    t.equal(early.status, 429, 'not even the right password helps a stranger')
    t.ok(Number(early.headers.get('retry-after')) <= 300)
    t.match(early.body, 'try again in 5 minutes')

    service.passSeconds(300)
    const sixth = await guess(service.browser())
    t.equal(sixth.status, 401)
    t.match(sixth.body, 'Attempt 6 of 20.')
    t.strictSame(await guessRepeatedly(service, 14), [...fill(13, 401), 403])
    service.passSeconds(10 * 24 * 3600)
    const locked = await guess(service.browser(), 'Ada', password)
    t.equal(locked.status, 403)
    t.match(locked.body, 'This account is locked')
  },
)

t.test('the page says beforehand after how many failures one has to wait, or is locked out', async (t) => {
  const { service } = await startWithAda(t, {
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '3',
    FAILED_ATTEMPTS_COOLDOWN_SECONDS: '120',
    FAILED_ATTEMPTS_BEFORE_LOCK: '6',
  })
  const words: [text: string, passSeconds?: number][] = [
    ['Attempt 1 of 6. After 3 you have to wait 2 minutes.</p>'],
    ['Attempt 2 of 6. One more wrong password and you have to wait 2 minutes.</p>'],
    ['You can try again in 2 minutes', 121],
    ['Attempt 4 of 6. After 6 this account is locked.</p>'],
    ['Attempt 5 of 6. One more wrong password and this account is locked.</p>'],
    ['This account is locked'],
  ]
  for (const [text, seconds = 0] of words) {
    t.match((await guess(service.browser())).body, text)
    service.passSeconds(seconds)
  }
})

t.test('a success starts the count again', async (t) => {
  const { service } = await startWithAda(t)
  for (let round = 0; round < 3; round++) {
    t.strictSame(await guessRepeatedly(service, 4), fill(4, 401))
    t.equal((await guess(service.browser(), 'Ada', password)).status, 303)
  }
})

t.test('the right password at the 5th and at the 20th attempt is let in', async (t) => {
  const { service } = await startWithAda(t)
  await guessRepeatedly(service, 4)
  t.equal((await guess(service.browser(), 'Ada', password)).status, 303)
  await guessRepeatedly(service, 5)
  service.passSeconds(901)
  t.strictSame(await guessRepeatedly(service, 14), fill(14, 401))
  t.equal((await guess(service.browser(), 'Ada', password)).status, 303)
  t.strictSame(await guessRepeatedly(service, 1), [401])
})

t.test('of 50 guesses at once exactly 5 are compared with the hash', async (t) => {
  const { service } = await startWithAda(t)
  const { body } = await guess(service.browser(), 'Ada', password).then(() => guess(service.browser()))
  t.match(body, 'Attempt 1 of 20.')
  t.equal((await guess(service.browser(), 'Ada', password)).status, 303)

  const pages = await Promise.all(Array.from({ length: 50 }, () => guess(service.browser())))
  const compared = service.logged().filter(({ msg }) => msg === 'sign-in was refused: wrong password')
  t.equal(pages.filter(({ status }) => status === 401).length, 4)
  t.equal(pages.filter(({ status }) => status === 429).length, 46)
  t.equal(compared.length, 5, 'the 4 of these that were told, and the one before them')
  const { rows } = await service.database.query<{ failures: number }>('select failures from failed_attempts')
  t.strictSame(rows, [{ failures: 5 }], 'what was not compared was not counted')
})

t.test('name and e-mail address share one count; a name that nobody has looks the same', async (t) => {
  const { service } = await startWithAda(t)
  await guessRepeatedly(service, 2, 'ADA')
  await guessRepeatedly(service, 2, 'ada@example.com')
  t.equal((await guess(service.browser(), '\uff21da')).status, 429)

  t.strictSame(await guessRepeatedly(service, 6, 'nobody'), [...fill(4, 401), 429, 429])
  t.strictSame(await guessRepeatedly(service, 1, 'NOBODY'), [429])
  service.passSeconds(901)
  t.strictSame(await guessRepeatedly(service, 16, 'nobody'), [...fill(14, 401), 403, 403])
})

t.test(
  'with REVEAL_ACCOUNT_EXISTENCE=false every answer is the same for an account and for nobody',
  async (t) => {
    const { service } = await startWithAda(t, { REVEAL_ACCOUNT_EXISTENCE: 'false' })
    for (let round = 0; round < 21; round++) {
      const [known, unknown] = [await guess(service.browser(), 'Ada'), await guess(service.browser(), 'Abe')]
      t.equal(known.status, unknown.status)
      t.equal(known.body.replaceAll('Ada', 'Abe'), unknown.body)
      if (known.status === 429) service.passSeconds(901)
    }
  },
)

t.test('whoever locks a name out does not lock out its owner, nor end a session', async (t) => {
  const { service, owner } = await startWithAda(t)
  await guessRepeatedly(service, 5)
  service.passSeconds(901)
  t.equal((await guessRepeatedly(service, 15)).at(-1), 403)

  t.equal((await owner.get('/dashboard')).status, 200, 'the session goes on')
  await owner.post('/logout')
  t.equal((await guess(owner, 'Ada', password)).status, 303, 'a browser known since registering')
  t.equal((await guess(service.browser(), 'Ada', password)).status, 403, 'strangers stay locked out')
})

t.test(
  'a known device has a count of its own, which signing in to another account does not reset',
  async (t) => {
    const { service, owner } = await startWithAda(t)
    await owner.post('/register', { ...ada, username: 'Eve', email: '' })
    for (let failures = 1; failures < 5; failures++) t.equal((await guess(owner)).status, 401)
    t.equal((await guess(owner, 'Eve', password)).status, 303)
    t.equal((await guess(owner)).status, 429)
    t.equal((await guess(service.browser(), 'Ada', password)).status, 303, 'strangers are not held up by it')
  },
)

t.test('a device cookie that was made up makes no browser known, not even after signing in', async (t) => {
  const { service } = await startWithAda(t)
  const madeUp = 'A'.repeat(43)
  const forger = service.browser()
  forger.cookies.set('latchkey_device', madeUp)
  const victim = service.browser()
  victim.cookies.set('latchkey_device', madeUp)
  t.equal((await guess(victim, 'Ada', password)).status, 303)
  t.not(victim.cookies.get('latchkey_device'), madeUp)
  await guessRepeatedly(service, 5)
  t.equal((await guess(forger)).status, 429)
  t.equal((await guess(victim)).status, 401)
})

t.test('an answer that was lost makes no owner a stranger, nor does another account there', async (t) => {
  const { service, owner } = await startWithAda(t)
  const token = owner.cookies.get('latchkey_device') ?? ''
  await guess(owner, 'Ada', password)
  await guessRepeatedly(service, 5)
  const before = service.browser()
  before.cookies.set('latchkey_device', token)
  t.equal((await guess(before, 'Ada', password)).status, 303)

  await owner.post('/register', { ...ada, username: 'Eve', email: '' })
  t.equal((await guess(owner, 'Ada', password)).status, 303)
  await guessRepeatedly(service, 5, 'Eve')
  t.equal((await guess(owner, 'Eve', password)).status, 303)
})

t.test(
  'a device cookie that somebody else has planted makes nobody known to whoever planted it',
  async (t) => {
    const { service } = await startWithAda(t)
    const planter = service.browser()
    await planter.post('/register', { ...ada, username: 'Eve', email: '' })
    const victim = service.browser()
    victim.cookies.set('latchkey_device', planter.cookies.get('latchkey_device') ?? '')
    t.equal((await guess(victim, 'Ada', password)).status, 303)
    await guessRepeatedly(service, 5)
    t.equal((await guess(planter)).status, 429, 'a stranger to Ada as before')
    t.equal((await guess(victim)).status, 401)
  },
)

t.test('an account that is removed while its password is checked is refused in words', async (t) => {
  const { service } = await startWithAda(t, slowHashing)
  const late = guess(service.browser(), 'Ada', password)
  await until(async () => (await service.database.query('select from failed_attempts')).rowCount === 1)
  await service.database.query('delete from accounts')
  t.equal((await late).status, 401)
})

t.test('an address that fails at many accounts has to wait, known devices there do not', async (t) => {
  const { service, owner } = await startWithAda(t, { FAILED_ATTEMPTS_PER_ADDRESS: '10' })
  for (let index = 0; index < 10; index++)
    t.equal((await guess(service.browser(), `nobody${index}`)).status, 401)
  const page = await guess(service.browser(), 'Ada', password)
  t.equal(page.status, 429)
  t.match(page.body, 'from your network have failed')
  t.ok(Number(page.headers.get('retry-after')) > 800)
  t.equal((await guess(owner, 'Ada', password)).status, 303)
  service.passSeconds(901)
  t.equal((await guess(service.browser(), 'Ada', password)).status, 303)
})

t.test('a password that was never looked at is no attempt', async (t) => {
  const { service } = await startWithAda(t, {
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '100',
    FAILED_ATTEMPTS_BEFORE_LOCK: '200',
  })
  const pages = await Promise.all(Array.from({ length: 40 }, () => guess(service.browser())))
  const compared = pages.filter(({ status }) => status === 401).length
  t.ok(compared < 40, 'some were turned away')
  t.equal(pages.filter(({ status }) => status === 503).length, 40 - compared)
  const { rows } = await service.database.query<{ failures: number }>('select failures from failed_attempts')
  t.strictSame(rows, [{ failures: compared }])
})

t.test('a password that is changed while it is checked opens no session', async (t) => {
  const { service } = await startWithAda(t, slowHashing)
  const { rows } = await service.database.query<{ id: string }>('select id from accounts')
  const stranger = service.browser()
  const late = guess(stranger, 'Ada', password)
  await until(async () => (await service.database.query('select from failed_attempts')).rowCount === 1)
  await service.database.transaction(async (client) => {
    await new AccountStore(client).setPasswordHash(rows[0]?.id ?? '', 'of another password')
    await new SessionStore(client).endAllOf(rows[0]?.id ?? '', 'passwordChanged', new Date())
    // The sign-in comes upon the locked account now and waits for what becomes of it.
    await until(async () => (await service.database.query('select from known_devices')).rowCount === 2)
    await client.query('select pg_sleep(0.1)')
  })
  const page = await late
  t.equal(page.status, 401)
  t.match(page.body, 'The password of this account has just been changed')
  t.equal((await service.database.query('select from sessions')).rowCount, 0)
  t.equal(stranger.cookies.size, 0)
})
