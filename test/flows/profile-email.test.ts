import t, { type Test } from 'tap'
import { until } from '../database/until.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox, type Mailbox } from '../mail/mailbox.js'
import type { TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'

const password = 'correct horse battery'
const path = '/profile/email'

async function start(
  t: Test,
  settings: Record<string, string> = {},
): Promise<{ service: TestService; mailbox: Mailbox }> {
  const mailbox = await openMailbox(t)
  const service = await startTestService(t, {
    RECOVERY_METHODS: 'email,questions',
    SMTP_URL: mailbox.url,
    ...settings,
  })
  return { service, mailbox }
}

async function register(service: TestService, username: string, email = ''): Promise<TestBrowser> {
  const browser = service.browser()
  await browser.post('/register', { username, password, confirmPassword: password, email })
  return browser
}

const ask = (browser: TestBrowser, email: string) => browser.post(path, { email, currentPassword: password })
const confirm = (browser: TestBrowser, code: string) => browser.post(`${path}/confirm`, { code })

async function account(service: TestService, username: string) {
  const { rows } = await service.database.query<{ email: string | null; is_confirmed: boolean }>(
    'select email, email_confirmed_at is not null as is_confirmed from accounts where username = $1',
    [username],
  )
  return rows[0]
}

/** As if the address had been confirmed by a code. */
const confirmBySql = (service: TestService, username: string) =>
  service.database.query('update accounts set email_confirmed_at = now() where username = $1', [username])

async function emailForApps(browser: TestBrowser): Promise<unknown> {
  return (JSON.parse((await browser.get('/api/session')).body) as { email: unknown }).email
}

async function events(service: TestService): Promise<string[]> {
  const { rows } = await service.database.query<{ kind: string }>(
    "select kind from security_events where kind like 'email%' order by id",
  )
  return rows.map(({ kind }) => kind)
}

/** Has an address confirmed. */
async function own(browser: TestBrowser, mailbox: Mailbox, email: string): Promise<void> {
  await ask(browser, email)
  await confirm(browser, codeIn(await mailbox.letterTo(email)))
}

t.test('an address from registration counts as confirmed once its code was typed', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada', 'Ada@Example.com')
  t.match((await browser.get('/profile')).body, /Ada@Example\.com<\/span> <span class="tag ?">not confirmed/)
  t.match((await browser.get(path)).body, 'value="Ada@Example.com"')
  t.equal((await browser.get(`${path}/confirm`)).location, path, 'no code is on its way yet')

  t.equal(await emailForApps(browser), null)
  const asked = await ask(browser, 'Ada@Example.com')
  t.equal(asked.location, `${path}/confirm`)
  t.match((await browser.get(`${path}/confirm`)).body, 'Ada@Example.com')
  const code = codeIn(await mailbox.letterTo('Ada@example.com'))
  t.strictSame(await account(service, 'Ada'), { email: 'Ada@Example.com', is_confirmed: false })
  const confirmed = await confirm(browser, code.replace(' ', ''))
  t.equal(confirmed.location, '/profile?notice=emailConfirmed')
  t.match((await browser.get(confirmed.location ?? '')).body, /<span class="tag good">confirmed/)
  t.equal(await emailForApps(browser), 'Ada@Example.com', 'at once')
  t.strictSame(await account(service, 'Ada'), { email: 'Ada@Example.com', is_confirmed: true })
  t.strictSame(await events(service), ['emailConfirmed'])

  const again = await ask(browser, 'ADA@example.com')
  t.equal(again.status, 400)
  t.match(again.body, 'your address already')
})

t.test(
  'another address takes the place of the old one only when its code was typed; the old one is told',
  async (t) => {
    const { service, mailbox } = await start(t)
    const browser = await register(service, 'Ada')
    await own(browser, mailbox, 'old@example.com')
    await browser.post(path, { email: 'new@example.com' })
    const code = codeIn(await mailbox.letterTo('new@example.com'))
    t.match(await account(service, 'Ada'), { email: 'old@example.com' })
    t.match(
      (await browser.get(path)).body,
      '<strong>new@example.com</strong>. <a href="/profile/email/confirm">Enter the code',
      'whoever has left finds the way back',
    )
    t.equal((await confirm(browser, code)).status, 303)
    t.strictSame(await account(service, 'Ada'), { email: 'new@example.com', is_confirmed: true })
    t.strictSame(await events(service), ['emailChanged', 'emailChanged'])
    const letter = await mailbox.letterTo('old@example.com')
    t.match(letter.text, 'another e-mail address now')
    t.notMatch(letter.text, 'new@example.com')
    t.equal((await service.browser().post('/login', { username: 'NEW@example.com', password })).status, 303)
    t.equal((await service.browser().post('/login', { username: 'old@example.com', password })).status, 401)
  },
)

t.test('an address is removed after one more question, and told', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  t.equal((await browser.get(`${path}/remove`)).location, path, 'there is none')
  t.equal((await browser.post(`${path}/remove`, { currentPassword: password })).location, path)
  await own(browser, mailbox, 'ada@example.com')
  service.passSeconds(601)
  t.equal((await browser.post(`${path}/remove`)).status, 400)
  t.equal((await browser.post(`${path}/remove`, { currentPassword: 'wrong' })).status, 401)
  t.match(await account(service, 'Ada'), { email: 'ada@example.com' })
  t.equal(await emailForApps(browser), 'ada@example.com')
  const removed = await browser.post(`${path}/remove`, { currentPassword: password })
  t.equal(removed.location, '/profile?notice=emailRemoved')
  t.equal(await emailForApps(browser), null, 'at once')
  t.strictSame(await account(service, 'Ada'), { email: null, is_confirmed: false })
  t.match((await mailbox.letterTo('ada@example.com')).text, 'was removed from your account Ada')
  t.strictSame(await events(service), ['emailChanged', 'emailRemoved'])
})

t.test('what is no address, or comes without the password, is refused and kept to be mended', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  const cases: [form: Record<string, string>, status: number, words: string, kept: string][] = [
    [{ email: '' }, 400, 'Enter an e-mail address.', ''],
    [{ email: 'nope' }, 400, 'not an e-mail address', 'nope'],
    [{ email: 'a@b.example\r\nBcc: c@d.example' }, 400, 'not an e-mail address', 'a@b.example'],
    [{ email: '"><b>@x' }, 400, 'not an e-mail address', '&quot;&gt;&lt;b&gt;@x'],
    [{ email: `${'x'.repeat(250)}@example.com` }, 400, 'at most 254', 'x'],
    [{ email: 'ada@example.com', currentPassword: '' }, 400, 'Your password', 'ada@example.com'],
    [{ email: 'ada@example.com', currentPassword: 'wrong' }, 401, 'Attempt 1 of 20', 'ada@example.com'],
  ]
  for (const [form, status, words, kept] of cases) {
    const page = await browser.post(path, { currentPassword: password, ...form })
    t.equal(page.status, status, words)
    t.match(page.body, words)
    t.match(page.body, `value="${kept}`)
    t.notMatch(page.body, password)
  }
  t.equal(mailbox.letters.length, 0)
})

t.test('a code is right once, for five tries, for ten minutes, and only the newest', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  await ask(browser, 'ada@example.com')
  const first = codeIn(await mailbox.letterTo('ada@example.com'))
  const again = await browser.post(`${path}/again`)
  t.equal(again.location, `${path}/confirm?notice=codeSent`)
  t.match((await browser.get(again.location ?? '')).body, 'A new code is on its way')
  const second = codeIn(await mailbox.letterTo('ada@example.com'))
  const wrong = second === '1111 1111' ? '2222 2222' : '1111 1111'

  t.equal((await confirm(browser, 'x')).status, 400)
  t.equal((await confirm(browser, '')).status, 400)
  const refused = await confirm(browser, first)
  t.equal(refused.status, 401)
  t.match(refused.body, 'You can try 4 times more')
  for (let tries = 0; tries < 4; tries++) await confirm(browser, wrong)
  t.equal((await confirm(browser, second)).status, 401, 'five tries are over')

  await browser.post(`${path}/again`)
  const third = codeIn(await mailbox.letterTo('ada@example.com'))
  service.passSeconds(601)
  const late = await confirm(browser, third)
  t.equal(late.status, 401)
  t.match(late.body, 'no longer counts')
  t.match(late.body, 'action="/profile/email/again"')

  await browser.post(`${path}/again`)
  const fourth = codeIn(await mailbox.letterTo('ada@example.com'))
  t.equal((await confirm(browser, fourth)).status, 303)
  t.equal((await confirm(browser, fourth)).location, path, 'nothing waits to be confirmed any more')
  t.equal((await browser.post(`${path}/again`)).location, path)
})

t.test('only so many codes are sent in an hour', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  for (let sent = 0; sent < 5; sent++) t.equal((await ask(browser, `ada${sent}@example.com`)).status, 303)
  for (const page of [await ask(browser, 'ada9@example.com'), await browser.post(`${path}/again`)]) {
    t.equal(page.status, 429)
    t.match(page.headers.get('retry-after'), /^3[56]\d\d$/)
    t.match(page.body, 'No further code for now')
  }
  await until(() => mailbox.letters.length >= 5)
  service.passSeconds(3601)
  t.equal((await ask(browser, 'ada9@example.com')).status, 303)
  await mailbox.letterTo('ada9@example.com')
  t.equal(mailbox.letters.length, 6)
})

t.test('many accounts together cannot have one address mailed without end', async (t) => {
  const { service, mailbox } = await start(t)
  const asked: number[] = []
  for (let number = 0; number < 7; number++) {
    const browser = await register(service, `Mallory${number}`)
    const page = await ask(browser, number % 2 === 0 ? 'ada@example.com' : 'ADA@example.com')
    asked.push(page.status)
    if (number < 5) continue
    t.match(page.headers.get('retry-after'), /^3[56]\d\d$/)
    t.match(page.body, 'to this address')
  }
  t.strictSame(asked, [303, 303, 303, 303, 303, 429, 429])
  await until(() => mailbox.letters.length >= 5)
  const { rows } = await service.database.query('select * from email_code_asks')
  t.notMatch(JSON.stringify(rows), /example/i, 'nor is the address written down')
})

t.test('strangers cannot use up the asks of the account that has the address', async (t) => {
  const { service, mailbox } = await start(t)
  const ada = await register(service, 'Ada', 'ada@example.com')
  for (let asked = 0; asked < 6; asked++)
    await ask(await register(service, `Mallory${asked}`), 'ada@example.com')
  for (let asked = 0; asked < 5; asked++) t.equal((await ask(ada, 'ada@example.com')).status, 303)
  t.equal((await ask(ada, 'ada@example.com')).status, 429)
  await until(() => mailbox.letters.length >= 10)
})

t.test('nor can one network have many addresses mailed', async (t) => {
  const { service } = await start(t, { FAILED_ATTEMPTS_PER_ADDRESS: '4' })
  const browser = await register(service, 'Mallory')
  for (let sent = 0; sent < 4; sent++) t.equal((await ask(browser, `ada${sent}@example.com`)).status, 303)
  const refused = await ask(await register(service, 'Trudy'), 'bob@example.com')
  t.equal(refused.status, 429)
  t.match(refused.headers.get('retry-after'), /^(8\d\d|900)$/)
})

t.test('a code is for the browser that asked, not for another session nor another account', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  await ask(browser, 'ada@example.com')
  const code = codeIn(await mailbox.letterTo('ada@example.com'))
  const elsewhere = service.browser()
  await elsewhere.post('/login', { username: 'Ada', password })
  const mallory = await register(service, 'Mallory')
  for (const other of [elsewhere, mallory]) {
    t.equal((await confirm(other, code)).location, path)
    await ask(other, 'mallory@example.com')
    t.equal((await confirm(other, code)).status, 401)
  }
  t.equal((await confirm(browser, code)).status, 303)
})

t.test(
  'a code that was sent before the session got a new token is not called wrong, and a new one helps',
  async (t) => {
    const { service, mailbox } = await start(t, { SUDO_VALIDITY_SECONDS: '0' })
    const browser = await register(service, 'Ada')
    await ask(browser, 'ada@example.com')
    const code = codeIn(await mailbox.letterTo('ada@example.com'))
    await browser.post('/profile/questions/remove', { currentPassword: password })
    for (let tries = 0; tries < 6; tries++) {
      const late = await confirm(browser, code)
      t.equal(late.status, 401)
      t.match(late.body, 'This code no longer counts. Ask for a new code.')
    }
    await browser.post(`${path}/again`)
    t.equal((await confirm(browser, codeIn(await mailbox.letterTo('ada@example.com')))).status, 303)
  },
)

t.test('of parallel confirmations one is counted', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  await ask(browser, 'ada@example.com')
  const code = codeIn(await mailbox.letterTo('ada@example.com'))
  const pages = await Promise.all(Array.from({ length: 16 }, () => confirm(browser, code)))
  t.equal(pages.filter(({ location }) => location === '/profile?notice=emailConfirmed').length, 1)
  t.ok(pages.every(({ status }) => status === 303 || status === 401))
  t.strictSame(await events(service), ['emailChanged'])
})

t.test('of two sessions that confirm at one moment none fails, and one address is left', async (t) => {
  const { service, mailbox } = await start(t)
  const one = await register(service, 'Ada')
  for (let round = 0; round < 5; round++) {
    const two = service.browser()
    await two.post('/login', { username: 'Ada', password })
    const [first, second] = [`one${round}@example.com`, `two${round}@example.com`]
    await ask(one, first)
    await ask(two, second)
    const codes = [codeIn(await mailbox.letterTo(first)), codeIn(await mailbox.letterTo(second))]
    const pages = await Promise.all([confirm(one, codes[0] ?? ''), confirm(two, codes[1] ?? '')])
    const others = pages.filter(({ location }) => location !== '/profile?notice=emailConfirmed')
    t.equal(others.length, 1)
    // Whoever comes a moment later finds no code waiting.
    t.ok(others[0]?.status === 401 || others[0]?.location === path)
    service.passSeconds(3601)
  }
})

t.test('an address of another account is refused, and said to be', async (t) => {
  const { service, mailbox } = await start(t)
  await register(service, 'Bob', 'bob@example.com')
  await confirmBySql(service, 'Bob')
  const browser = await register(service, 'Ada')
  const page = await ask(browser, 'BOB@example.com')
  t.equal(page.status, 409)
  t.match(page.body, 'Another account has it')
  t.match(page.body, 'value="BOB@example.com"')
  t.notMatch(page.body, 'name="currentPassword"', 'the password was right and is not asked for again')
  t.equal(mailbox.letters.length, 0)
})

t.test('nor is it told, where nothing is told of who exists: no code for it is ever sent', async (t) => {
  const { service, mailbox } = await start(t, { REVEAL_ACCOUNT_EXISTENCE: 'false' })
  await register(service, 'Bob', 'bob@example.com')
  await confirmBySql(service, 'Bob')
  const browser = await register(service, 'Ada')
  const steps = async (email: string) => {
    const asked = await ask(browser, email)
    const shown = await browser.get(asked.location ?? '')
    const refused = await confirm(browser, '1111 1111')
    const again = await browser.post(`${path}/again`)
    return [asked, shown, refused, again].map(({ status, location, body }) => ({
      status,
      location,
      body: body.replaceAll(email, 'address'),
    }))
  }
  t.strictSame(await steps('bob@example.com'), await steps('new@example.com'))
  await mailbox.letterTo('new@example.com')
  await mailbox.letterTo('new@example.com')
  t.equal(mailbox.letters.length, 2)
  t.strictSame(await account(service, 'Ada'), { email: null, is_confirmed: false })
})

t.test('an address that another account confirms meanwhile is not taken from it', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  await ask(browser, 'ada@example.com')
  const code = codeIn(await mailbox.letterTo('ada@example.com'))
  await register(service, 'Bob', 'ada@example.com')
  await confirmBySql(service, 'Bob')
  const page = await confirm(browser, code)
  t.equal(page.status, 409)
  t.match(page.body, 'This e-mail address is taken')
  t.strictSame(await account(service, 'Ada'), { email: null, is_confirmed: false })
  t.strictSame(await events(service), [])
})

t.test('an address goes to whom its mail reaches, from whoever gave it and never confirmed it', async (t) => {
  for (const reveal of ['true', 'false']) {
    const { service, mailbox } = await start(t, { REVEAL_ACCOUNT_EXISTENCE: reveal })
    const squatter = await register(service, 'Mallory', 'ada@example.com')
    t.match((await squatter.get('/profile')).body, 'ada@example.com')
    await squatter.get('/api/session')
    const form = { username: 'Ada', password, confirmPassword: password }
    const refused = await service.browser().post('/register', { ...form, email: 'ada@example.com' })
    t.equal(refused.status, 409)
    t.match(refused.body, 'can be confirmed in the profile')

    const browser = await register(service, 'Ada')
    await own(browser, mailbox, 'Ada@example.com')
    t.strictSame(await account(service, 'Ada'), { email: 'Ada@example.com', is_confirmed: true })
    t.strictSame(await account(service, 'Mallory'), { email: null, is_confirmed: false })
    t.strictSame(await events(service), ['emailLost', 'emailChanged'])
    t.equal((await service.browser().post('/login', { username: 'ada@example.com', password })).status, 303)
    const known = await squatter.get('/profile/events')
    t.match(known.body, 'was confirmed for another account')
    t.notMatch((await squatter.get('/profile')).body, 'ada@example.com')
    await until(async () => !(await squatter.get('/api/session')).body.includes('ada@example.com'))

    await ask(squatter, 'ada@example.com')
    t.equal((await confirm(squatter, '1111 1111')).status, reveal === 'true' ? 303 : 401)
    t.strictSame(await account(service, 'Ada'), { email: 'Ada@example.com', is_confirmed: true })
  }
})

t.test('of two who confirm what the other has given neither waits for the other in a circle', async (t) => {
  const { service, mailbox } = await start(t, { EMAIL_CODES_PER_HOUR: '100' })
  const [ada, bob] = [await register(service, 'Ada'), await register(service, 'Bob')]
  for (let round = 0; round < 6; round++) {
    await service.database.query(`
      update accounts set email = null, canonical_email = null, email_confirmed_at = null;
      update accounts set email = 'b@example.com', canonical_email = 'b@example.com' where username = 'Ada';
      update accounts set email = 'a@example.com', canonical_email = 'a@example.com' where username = 'Bob'`)
    await ask(ada, 'a@example.com')
    await ask(bob, 'b@example.com')
    const codes = [await mailbox.letterTo('a@example.com'), await mailbox.letterTo('b@example.com')].map(
      codeIn,
    )
    const pages = await Promise.all([confirm(ada, codes[0] ?? ''), confirm(bob, codes[1] ?? '')])
    t.strictSame(
      pages.map(({ status }) => status),
      [303, 303],
    )
    t.strictSame(await account(service, 'Ada'), { email: 'a@example.com', is_confirmed: true })
    t.strictSame(await account(service, 'Bob'), { email: 'b@example.com', is_confirmed: true })
  }
})

t.test('a code that was sent to the old address recovers nothing any more', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  await own(browser, mailbox, 'old@example.com')
  await service.database.query(`
    insert into email_codes
      (account_id, purpose, bearer_id, bearer_hash, email, canonical_email, code_hash, tries_left, expires_at)
    select id, 'recoverAccount', gen_random_uuid(), sha256(''), email, canonical_email, sha256(''), 5,
      now() + interval '1 hour'
    from accounts`)
  await browser.post(`${path}/remove`)
  t.strictSame((await service.database.query('select from email_codes')).rows, [])
})

t.test('a fault in the middle leaves the address as it was, and the code to be used again', async (t) => {
  const { service, mailbox } = await start(t)
  const browser = await register(service, 'Ada')
  await ask(browser, 'ada@example.com')
  const code = codeIn(await mailbox.letterTo('ada@example.com'))
  await service.database.query('alter table security_events rename column kind to lost')
  t.equal((await confirm(browser, code)).status, 500)
  await service.database.query('alter table security_events rename column lost to kind')
  t.strictSame(await account(service, 'Ada'), { email: null, is_confirmed: false })
  t.equal((await confirm(browser, code)).status, 303)
  t.strictSame(await account(service, 'Ada'), { email: 'ada@example.com', is_confirmed: true })
})

t.test('without a mail server the code is in the log, so that all can be tried', async (t) => {
  const service = await startTestService(t, { RECOVERY_METHODS: 'questions' })
  const browser = await register(service, 'Ada')
  await ask(browser, 'ada@example.com')
  t.match((await browser.get(`${path}/confirm`)).body, 'finds the code in its log')
  const read = () =>
    /\d{4} \d{4}/.exec(JSON.stringify(service.logged().filter(({ level }) => level === 40)))?.[0]
  await until(() => read() !== undefined)
  t.equal((await confirm(browser, read() ?? '')).status, 303)
})
