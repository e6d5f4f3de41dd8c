import t from 'tap'
import { codeIn } from '../mail/code-in.js'
import { email, password } from './recovery-scene.js'
import {
  enterCode,
  enterPassword,
  isSignedIn,
  otherThan,
  proveByCode,
  startWithCodeOn,
} from './sign-in-code-scene.js'
import type { TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'

const times = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

function copyOf(browser: TestBrowser, service: TestService): TestBrowser {
  const copy = service.browser()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

const failuresOf = async ({ database }: TestService) => {
  const { rows } = await database.query<{ subject: string; failures: number }>(
    'select subject, failures from failed_attempts order by subject',
  )
  return rows.map(({ subject, failures }) => [subject.split(' ')[0], failures])
}

t.test('of 16 parallel uses of one code, on two nodes, one wins', async (t) => {
  const patient = { FAILED_ATTEMPTS_BEFORE_COOLDOWN: '50', FAILED_ATTEMPTS_BEFORE_LOCK: '100' }
  const { service, mailbox } = await startWithCodeOn(t, patient)
  const node = await startTestService(
    t,
    { ...patient, EMAIL_OTP: 'optional', SMTP_URL: mailbox.url, FAILED_ATTEMPTS_PER_ADDRESS: '1000' },
    service,
  )
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  const { rowCount: before } = await service.database.query('select from sessions')
  const twins = Array.from({ length: 16 }, (_, index) => copyOf(browser, index % 2 === 0 ? service : node))
  await times(16, (index) => enterCode(twins[index] ?? browser, code))
  const signedIn = await times(16, (index) => isSignedIn(twins[index] ?? browser))
  t.equal(signedIn.filter(Boolean).length, 1)
  const { rowCount: after } = await service.database.query('select from sessions')
  t.equal(after, (before ?? 0) + 1)
  for (const [, failures] of await failuresOf(service)) t.equal(failures, 0, 'to come too late is no failure')
})

t.test(
  'of 40 parallel guesses no more are compared than may fail, and new codes bring no new tries',
  async (t) => {
    const { service, mailbox, owner } = await startWithCodeOn(t)
    const browser = service.browser()
    const code = await enterPassword({ mailbox }, browser)
    const guesses = Array.from({ length: 40 }, (_, index) => String(index + 100_000)).filter(
      (each) => each !== code,
    )
    const pages = await times(guesses.length, (index) =>
      enterCode(copyOf(browser, service), guesses[index] ?? ''),
    )
    t.equal(pages.filter(({ status }) => status === 401).length, 4)
    t.equal(pages.filter(({ status }) => status === 429).length, guesses.length - 4)
    t.strictSame(await failuresOf(service), [['account', 5]])

    await browser.post('/login/code/send')
    const next = codeIn(await mailbox.letterTo(email))
    const page = await enterCode(browser, next)
    t.equal(page.status, 429)
    t.match(page.body, 'Too many failed attempts')
    t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 429)

    await owner.post('/logout')
    const own = await enterPassword({ mailbox }, owner)
    t.equal((await enterCode(owner, own)).status, 303, 'a browser that the account knows is not held up')
  },
)

t.test('the right password alone neither forgets failures nor makes the browser known', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  for (const typed of ['wrong one', 'wrong two'])
    await browser.post('/login', { username: 'Ada', password: typed })
  const code = await enterPassword({ mailbox }, browser)
  t.strictSame(await failuresOf(service), [['account', 2]])
  t.notOk(browser.cookies.has('latchkey_device'))
  const { rowCount: known } = await service.database.query('select from known_devices')
  await enterCode(browser, otherThan(code))
  t.strictSame(await failuresOf(service), [['account', 3]])
  await enterCode(browser, code)
  t.strictSame(await failuresOf(service), [])
  t.ok(browser.cookies.has('latchkey_device'))
  t.equal((await service.database.query('select from known_devices')).rowCount, (known ?? 0) + 1)
})

t.test('an account that is locked between password and code opens no session', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t, {
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2',
    FAILED_ATTEMPTS_BEFORE_LOCK: '3',
  })
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await service.database.query('update failed_attempts set failures = 3, locked_at = now()')
  const page = await enterCode(browser, code)
  t.equal(page.status, 403)
  t.match(page.body, 'This account is locked')
  t.equal(await isSignedIn(browser), false)
})

t.test('strangers who know the password take no codes from a browser that the account knows', async (t) => {
  const { service, mailbox, owner } = await startWithCodeOn(t, { EMAIL_OTPS_PER_HOUR: '2' })
  const stranger = service.browser()
  await enterPassword({ mailbox }, stranger)
  await stranger.post('/login/code/send')
  await mailbox.letterTo(email)
  await stranger.post('/login/code/send')
  const page = await stranger.get('/login/code')
  t.match(page.body, 'No further code for now')
  t.match(page.body, 'You can ask for another in 60 minutes.')
  t.equal(mailbox.letters.length, 3)

  await owner.post('/logout')
  const code = await enterPassword({ mailbox }, owner)
  t.equal((await enterCode(owner, code)).status, 303)
  service.passSeconds(3600)
  await enterPassword({ mailbox }, service.browser())
})

t.test('strangers who knew the former password have taken no codes from the new one', async (t) => {
  const { service, mailbox, owner } = await startWithCodeOn(t, { EMAIL_OTPS_PER_HOUR: '2' })
  for (let count = 0; count < 2; count++) await enterPassword({ mailbox }, service.browser())
  const stranger = service.browser()
  await stranger.post('/login', { username: 'Ada', password })
  t.match((await stranger.get('/login/code')).body, 'No further code for now')

  const better = 'a better one for today'
  await proveByCode({ mailbox }, owner)
  await owner.post('/profile/password', { password: better, confirmPassword: better })
  const browser = service.browser()
  await browser.post('/login', { username: 'Ada', password: better })
  t.notMatch((await browser.get('/login/code')).body, 'No further code for now')
})

t.test('whoever knows the password, too, pushes out no sign-in that waits for a code', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await service.database.query(
    `insert into pending_sign_ins (token_hash, account_id, password_version, expires_at)
     select sha256(number::text::bytea), id, password_version, now() + interval '1 hour'
     from accounts, generate_series(1, 1000) as number`,
  )
  await service.browser().post('/login', { username: 'Ada', password })
  t.equal((await enterCode(browser, code)).status, 303)
})

t.test('who makes accounts up for an address uses up none of the codes of its owner', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t, {
    EMAIL_OTPS_PER_HOUR: '1',
    REVEAL_ACCOUNT_EXISTENCE: 'false',
  })
  const node = await startTestService(
    t,
    {
      EMAIL_OTP: 'required',
      EMAIL_OTPS_PER_HOUR: '1',
      REVEAL_ACCOUNT_EXISTENCE: 'false',
      SMTP_URL: mailbox.url,
    },
    service,
  )
  const stranger = node.browser()
  await stranger.post('/register', { username: 'Mallory', password, confirmPassword: password })
  await stranger.post('/login/email', { email })
  const code = await enterPassword({ mailbox }, service.browser())
  t.match(code, /^\d{6}$/)
})

t.test('a database that goes away between the steps loses nothing that was shown', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await service.database.query('alter table email_codes rename to lost')
  t.equal((await enterCode(browser, code)).status, 503)
  t.equal(await isSignedIn(browser), false)
  await service.database.query('alter table lost rename to email_codes')
  t.equal((await enterCode(browser, code)).status, 303)

  const other = service.browser()
  await service.database.query('alter table pending_sign_ins rename to lost')
  t.equal((await other.post('/login', { username: 'Ada', password })).status, 503)
  t.strictSame([...other.cookies.keys()], [])
  await service.database.query('alter table lost rename to pending_sign_ins')
})
