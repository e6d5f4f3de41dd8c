import t, { type Test } from 'tap'
import { createResetCode } from '../../src/reset-codes/reset-code.js'
import { ResetCodeStore } from '../../src/reset-codes/reset-code-store.js'
import { until } from '../database/until.js'
import { openMailbox } from '../mail/mailbox.js'
import type { TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'

const password = 'correct horse battery'
const better = 'a better one for today'
const path = '/profile/password'
const form = { currentPassword: password, password: better, confirmPassword: better }

const start = (t: Test, settings: Record<string, string> = {}) =>
  startTestService(t, { RECOVERY_METHODS: 'email,questions', ...settings })

async function register(service: TestService, username: string, email = ''): Promise<TestBrowser> {
  const browser = service.browser()
  await browser.post('/register', { username, password, confirmPassword: password, email })
  return browser
}

async function signIn(service: TestService, username: string, typed = password): Promise<TestBrowser> {
  const browser = service.browser()
  await browser.post('/login', { username, password: typed })
  return browser
}

const isSignedIn = async (browser: TestBrowser) => (await browser.get('/api/session')).status === 200
const opens = async (service: TestService, typed: string) => isSignedIn(await signIn(service, 'Ada', typed))

t.test('a new password takes the place of the old one and signs out all other browsers', async (t) => {
  const mailbox = await openMailbox(t)
  const service = await start(t, { SMTP_URL: mailbox.url })
  const secondNode = await startTestService(t, { RECOVERY_METHODS: 'email,questions' }, service)
  const browser = await register(service, 'Ada', 'ada@example.com')
  await service.database.query('update accounts set email_confirmed_at = now()')
  const others = [await signIn(service, 'Ada'), await signIn(secondNode, 'Ada')]
  const oldToken = browser.cookies.get('latchkey_session')
  const { rows } = await service.database.query<{ id: string }>('select id from accounts')
  const resetCodes = new ResetCodeStore(service.database)
  await resetCodes.issue(rows[0]?.id ?? '', createResetCode().hash, new Date(Date.now() + 3_600_000))

  const changed = await browser.post(path, form)
  t.equal(changed.location, '/profile?notice=passwordChanged')
  t.match((await browser.get(changed.location ?? '')).body, 'Your password is changed')
  t.ok(await isSignedIn(browser), 'this browser stays')
  t.not(browser.cookies.get('latchkey_session'), oldToken, 'with a new token')
  for (const other of others) {
    await until(async () => !(await isSignedIn(other)))
    t.match((await other.get('/login')).body, /password .*changed/i, 'and is told why')
  }
  t.equal(
    (await service.database.query('select from reset_codes')).rowCount,
    0,
    'nor does a code of the operator',
  )
  t.notOk(await opens(service, password))
  t.ok(await opens(service, better))
  await until(async () => (await browser.get('/profile/events')).body.includes('The password was changed'))

  const letter = await mailbox.letterTo('ada@example.com')
  t.equal(letter.headers.get('subject'), 'Your password was changed at Latchkey')
  t.match(letter.text, 'the password of your account Ada at Latchkey was changed')
})

t.test('a copy of the cookie made in the minutes after a proof does not outlive the change', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  await browser.post('/profile/questions/remove', { currentPassword: password })
  const copy = service.browser()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  t.equal((await browser.post(path, { password: better, confirmPassword: better })).status, 303)
  t.notOk(await isSignedIn(copy))
  t.ok(await isSignedIn(browser))
})

t.test('no letter goes to an address that nobody has confirmed', async (t) => {
  const mailbox = await openMailbox(t)
  const service = await start(t, { SMTP_URL: mailbox.url })
  const browser = await register(service, 'Ada', 'ada@example.com')
  await browser.post(path, form)
  await service.database.query('update accounts set email_confirmed_at = now()')
  await browser.post('/profile/email/remove')
  t.match((await mailbox.letterTo('ada@example.com')).headers.get('subject'), /removed/)
  t.equal(mailbox.letters.length, 1)
})

t.test('what cannot be a password is refused, and nothing is changed', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada', 'ada@example.com')
  const secret = 'a secret nobody may see'
  const cases: [changes: Record<string, string>, status: number, words: string][] = [
    [{ password: '' }, 400, 'Choose a password.'],
    [{ password: 'short', confirmPassword: 'short' }, 400, 'at least 8 characters'],
    [{ password: 'password1', confirmPassword: 'password1' }, 400, 'among the first'],
    [{ password: 'ada@example.com', confirmPassword: 'ada@example.com' }, 400, 'hardly more than the e-mail'],
    [{ password: secret, confirmPassword: 'other' }, 400, 'differs from the password'],
    [{ password: secret, confirmPassword: '' }, 400, 'a second time'],
    [{ password: 'x'.repeat(257), confirmPassword: 'x'.repeat(257) }, 400, 'at most 256'],
    [{ password: secret, confirmPassword: secret, currentPassword: '' }, 400, 'name="currentPassword"'],
    [{ password: secret, confirmPassword: secret, currentPassword: 'wrong' }, 401, 'Attempt 1 of 20'],
  ]
  for (const [changes, status, words] of cases) {
    const page = await browser.post(path, { ...form, ...changes })
    t.equal(page.status, status, words)
    t.match(page.body, words)
    t.notMatch(page.body, secret)
    t.notMatch(page.body, password)
  }
  t.ok(await opens(service, password))
})

t.test('the old password is asked for again after ten minutes, and only then', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  const asks = async () => (await browser.get(path)).body.includes('name="currentPassword"')
  t.ok(await asks(), 'also just after registering')
  await browser.post(path, form)
  t.notOk(await asks())
  service.passSeconds(500)
  const again = { password, confirmPassword: password }
  t.equal((await browser.post(path, again)).status, 303)
  service.passSeconds(101)
  t.ok(await asks())
  const refused = await browser.post(path, { password: better, confirmPassword: better })
  t.equal(refused.status, 400)
  t.match(refused.body, 'name="currentPassword"')
  t.ok(await asks(), 'in another session of the same account too')
  const other = await signIn(service, 'Ada')
  await browser.post(path, form)
  t.notOk(await asks())
  t.equal(
    (await (await signIn(service, 'Ada', better)).get(path)).body.includes('name="currentPassword"'),
    true,
  )
  t.notOk(await isSignedIn(other))
})

t.test('guessing the old password in a session that was left open locks as signing in does', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  for (let attempt = 1; attempt < 5; attempt++)
    t.match(
      (await browser.post(path, { ...form, currentPassword: 'wrong' })).body,
      `Attempt ${attempt} of 20`,
    )
  const fifth = await browser.post(path, { ...form, currentPassword: 'wrong' })
  t.equal(fifth.status, 429)
  t.equal(fifth.headers.get('retry-after'), '900')
  t.equal((await browser.post(path, form)).status, 429, 'the right one is not looked at either')
})

t.test('of changes at one moment one wins, and its password is the one that counts', async (t) => {
  const service = await start(t)
  const { database } = service
  const browser = await register(service, 'Ada')
  await browser.post('/profile/email/remove', { currentPassword: password })
  await browser.post(path, { ...form, password, confirmPassword: password })
  const typed = Array.from({ length: 6 }, (_, index) => `${better} ${index}`)
  const pages = await database.transaction(async (client) => {
    // Until all have hashed theirs: one that comes after a change is not at its moment.
    await client.query('select from accounts for update')
    const answers = typed.map((each) => browser.post(path, { password: each, confirmPassword: each }))
    const blocked =
      "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%update accounts%'"
    await until(async () => (await database.query(blocked)).rowCount === typed.length)
    return answers
  })
  const statuses = (await Promise.all(pages)).map(({ status }) => status)
  t.strictSame(statuses.toSorted(), [303, 409, 409, 409, 409, 409])
  const winner = typed[statuses.indexOf(303)] ?? ''
  t.ok(await opens(service, winner))
  for (const loser of typed) if (loser !== winner) t.notOk(await opens(service, loser))
})

t.test('a fault in the middle changes no password and ends no session', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  const other = await signIn(service, 'Ada')
  await service.database.query('alter table security_events rename column kind to lost')
  t.equal((await browser.post(path, form)).status, 500)
  await service.database.query('alter table security_events rename column lost to kind')
  t.ok(await isSignedIn(other))
  t.ok(await opens(service, password))
  t.equal((await browser.post(path, { ...form, currentPassword: '' })).status, 303, 'it can be sent again')
})
