import t, { type Test } from 'tap'
import { hashToken } from '../../src/secrets/hash-token.js'
import { PasswordProofStore } from '../../src/sudo-mode/password-proof-store.js'
import { until } from '../database/until.js'
import { savePasskey } from './save-passkey.js'
import type { Page, TestBrowser } from './test-browser.js'
import { startTestService } from './test-service.js'

const password = 'correct horse battery'
const wrong = 'a wrong guess indeed'
const path = '/profile/recovery-passkey'
const session = 'latchkey_session'
const slowHashing = { PASSWORD_HASH_MEMORY_KIB: '32768', PASSWORD_HASH_ITERATIONS: '40' }

/** An account whose passkey is saved, so that the form which makes a new one is open. */
async function start(t: Test, settings: Record<string, string> = {}) {
  const service = await startTestService(t, settings)
  const browser = service.browser()
  await browser.post('/register', { username: 'Ada', password, confirmPassword: password })
  await savePasskey(browser)
  return { service, browser }
}

const prove = (browser: TestBrowser, currentPassword = password): Promise<Page> =>
  browser.post(path, { currentPassword })
const asks = ({ body }: Page) => body.includes('name="currentPassword"')

t.test(
  'the password is asked for once in ten minutes of a session, and not because of signing in',
  async (t) => {
    const { service, browser } = await start(t)
    t.equal(asks(await browser.get(path)), true)
    const missing = await browser.post(path)
    t.equal(missing.status, 400)
    t.match(missing.body, 'Please enter your password')
    t.equal((await prove(browser)).status, 303)
    await savePasskey(browser)

    service.passSeconds(500)
    t.equal(asks(await browser.get(path)), false)
    t.equal((await browser.post(path)).status, 303)
    await savePasskey(browser)
    service.passSeconds(101)
    t.equal(asks(await browser.get(path)), true)
    t.equal((await browser.post(path)).status, 400)
  },
)

t.test('SUDO_VALIDITY_SECONDS says for how long; 0 asks every time', async (t) => {
  const { service, browser } = await start(t, { SUDO_VALIDITY_SECONDS: '0' })
  t.equal((await prove(browser)).status, 303)
  await savePasskey(browser)
  service.passSeconds(1)
  t.equal(asks(await browser.get(path)), true)
  t.equal((await browser.post(path)).status, 400)
})

t.test('a proof is worth nothing in another session of the same account', async (t) => {
  const { service, browser } = await start(t)
  const other = service.browser()
  await other.post('/login', { username: 'Ada', password })
  await prove(browser)
  await savePasskey(browser)
  t.equal(asks(await other.get(path)), true)
  t.equal((await other.post(path)).status, 400)

  await browser.post('/logout')
  await browser.post('/login', { username: 'Ada', password })
  t.equal(asks(await browser.get(path)), true, 'nor in the next one of this browser')
})

t.test(
  'an app that sees the cookie of the session cannot use the proof: the password is asked for',
  async (t) => {
    const { service, browser } = await start(t)
    await prove(browser)
    await savePasskey(browser)
    const apps = [service.browser(), service.browser()]
    await apps[1]?.post('/register', { username: 'Eve', password, confirmPassword: password })
    const forms = [path, '/profile/email', '/profile/password', '/profile/delete', '/profile/questions']
    for (const app of apps) {
      app.cookies.set(session, browser.cookies.get(session) ?? '')
      t.equal((await app.get('/dashboard')).status, 200)
      for (const form of forms) t.equal(asks(await app.get(form)), true, form)
      const deletion = await app.post('/profile/delete', { isSure: 'yes' })
      t.equal(deletion.status, 400)
      t.match(deletion.body, 'Please enter your password')
      t.equal((await app.post(path)).status, 400)
    }
    for (const form of forms) t.equal(asks(await browser.get(form)), false, form)
    t.equal((await browser.post(path)).status, 303)
  },
)

t.test('a proof brings the session a new token, and ends the old one', async (t) => {
  const { service, browser } = await start(t)
  const thief = service.browser()
  thief.cookies.set(session, browser.cookies.get(session) ?? '')
  t.equal((await thief.get('/dashboard')).status, 200)
  const before = await service.database.query('select id, expires_at, created_at from sessions')
  await prove(browser)
  t.not(browser.cookies.get(session), thief.cookies.get(session))
  await savePasskey(browser)
  t.equal((await browser.get('/dashboard')).status, 200)
  t.match((await thief.get('/dashboard')).location, /^\/login/)
  t.strictSame(
    (await service.database.query('select id, expires_at, created_at from sessions')).rows,
    before.rows,
    'it is the same session',
  )
  const token = browser.cookies.get(session)
  await browser.post(path)
  t.equal(browser.cookies.get(session), token, 'without a password nothing is renewed')
})

t.test('a token that a proof has replaced passes by it nowhere, remembered or not', async (t) => {
  const { service, browser } = await start(t)
  const old = browser.cookies.get('latchkey_session') ?? ''
  await prove(browser)
  const { rows } = await service.database.query<{ id: string }>('select id from sessions')
  const proofs = new PasswordProofStore(service.database)
  const sessionId = rows[0]?.id ?? ''
  const deviceHash = hashToken(browser.cookies.get('latchkey_device') ?? '')
  const has = (token: string) =>
    proofs.has({ sessionId, tokenHash: hashToken(token), deviceHash }, new Date(0), false)
  t.equal(await has(browser.cookies.get('latchkey_session') ?? ''), true)
  t.equal(await has(old), false)
})

t.test('wrong passwords count as at the login page, and hold that up too', async (t) => {
  const { service, browser } = await start(t)
  for (let failures = 1; failures < 5; failures++) {
    const page = await prove(browser, wrong)
    t.equal(page.status, 401)
    t.match(page.body, `Attempt ${failures} of 20.`)
    t.notMatch(page.body, wrong)
    t.equal(page.body.includes('One more wrong password and you have to wait 15 minutes.'), failures === 4)
  }
  const fifth = await prove(browser, wrong)
  t.equal(fifth.status, 429)
  t.equal(fifth.headers.get('retry-after'), '900')
  t.match(fifth.body, 'try again in 15 minutes')
  t.equal((await prove(browser)).status, 429, 'not even the right one helps now')
  t.equal((await browser.post('/login', { username: 'Ada', password })).status, 429)
  t.equal((await browser.get('/dashboard')).status, 200, 'the session goes on')

  service.passSeconds(901)
  t.equal((await prove(browser)).status, 303)
  await savePasskey(browser)
  service.passSeconds(601)
  t.match((await prove(browser, wrong)).body, 'Attempt 1 of 20.', 'a success has started the count again')
  for (let failures = 2; failures < 6; failures++) await prove(browser, wrong)
  service.passSeconds(901)
  for (let failures = 6; failures < 20; failures++) t.equal((await prove(browser, wrong)).status, 401)
  t.equal((await prove(browser, wrong)).status, 403)
  const locked = await prove(browser)
  t.equal(locked.status, 403)
  t.match(locked.body, 'This account is locked')
})

t.test('of 20 guesses at once five are compared', async (t) => {
  const { browser } = await start(t)
  const pages = await Promise.all(Array.from({ length: 20 }, () => prove(browser, wrong)))
  const statuses = pages.map(({ status }) => status).toSorted()
  t.strictSame(statuses, [...Array<number>(4).fill(401), ...Array<number>(16).fill(429)])
})

t.test('a form sent twice at once leaves nobody signed out', async (t) => {
  const { browser } = await start(t)
  for (let round = 0; round < 3; round++) {
    const pages = await Promise.all([prove(browser), prove(browser), prove(browser)])
    t.strictSame(new Set(pages.map(({ status }) => status)), new Set([303]))
    t.ok(pages.some(({ location }) => location?.startsWith('/recovery-passkey')))
    t.match((await browser.get('/dashboard')).location, /^\/recovery-passkey/)
    await savePasskey(browser)
    t.equal((await browser.get('/dashboard')).status, 200)
  }
})

t.test('a browser that lost what made it known is known again by a proof', async (t) => {
  const { browser } = await start(t)
  browser.cookies.delete('latchkey_device')
  await prove(browser)
  t.ok(browser.cookies.get('latchkey_device'))
})

t.test('an address that failed too often is said in words', async (t) => {
  const { service, browser } = await start(t, { FAILED_ATTEMPTS_PER_ADDRESS: '2' })
  browser.cookies.delete('latchkey_device')
  for (const username of ['x', 'y']) await service.browser().post('/login', { username, password })
  const page = await prove(browser)
  t.equal(page.status, 429)
  t.match(page.body, 'from your network have failed')
})

t.test('a busy service says when to come back, and counts nothing', async (t) => {
  const { service, browser } = await start(t, {
    ...slowHashing,
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '100',
    FAILED_ATTEMPTS_BEFORE_LOCK: '200',
  })
  const pages = await Promise.all(Array.from({ length: 12 }, () => prove(browser, wrong)))
  const busy = pages.filter(({ status }) => status === 503)
  t.ok(busy.length > 0)
  t.match(busy[0]?.body, 'Just a moment, please')
  t.ok(Number(busy[0]?.headers.get('retry-after')) > 0)
  const { rows } = await service.database.query<{ failures: number }>('select failures from failed_attempts')
  t.strictSame(rows, [{ failures: 12 - busy.length }])
})

t.test('a session that ends while the password is checked leads to the login page and back', async (t) => {
  const { service, browser } = await start(t, slowHashing)
  const slow = prove(browser)
  await until(async () => (await service.database.query('select from failed_attempts')).rowCount === 1)
  await browser.post('/logout')
  const page = await slow
  t.equal(page.status, 303)
  t.equal(page.location, path)
  t.equal((await browser.get(path)).location, `/login?redirectUrl=${encodeURIComponent(path)}`)
  t.equal((await service.database.query('select from password_proofs')).rowCount, 0)
})

t.test('failures at the prompt are among the events of the account', async (t) => {
  const { service, browser } = await start(t)
  await prove(browser, wrong)
  await until(async () => {
    const { rowCount } = await service.database.query(
      `select from security_events where kind = 'signInFailed' and client_address = '127.0.0.1'`,
    )
    return rowCount === 1
  })
  t.pass('noted')
})
