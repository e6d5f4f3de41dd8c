import t, { type Test } from 'tap'
import { until } from '../database/until.js'
import { wordDay } from '../../src/sign-in/word-day.js'
import { setQuestions } from './recovery-scene.js'
import { savePasskey } from './save-passkey.js'
import type { TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'

const password = 'correct horse battery'
const noPasskey = { RECOVERY_METHODS: 'email,questions' }
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

const start = (t: Test, settings: Record<string, string> = {}) =>
  startTestService(t, { ...noPasskey, ...settings })

async function register(service: TestService, username: string, email = ''): Promise<TestBrowser> {
  const browser = service.browser()
  const page = await browser.post(
    '/register',
    { username, password, confirmPassword: password, email },
    { 'user-agent': firefox },
  )
  if (page.status !== 303) throw new Error(`${username} was not registered: ${page.status}`)
  return browser
}

async function signIn(service: TestService, username: string, userAgent = firefox): Promise<TestBrowser> {
  const browser = service.browser()
  await browser.post('/login', { username, password }, { 'user-agent': userAgent })
  return browser
}

const isSignedIn = async (browser: TestBrowser) => (await browser.get('/api/session')).status === 200

/** What a page shows, without tags and with single spaces. */
const text = (body: string) =>
  body
    .replace(/^[^]*<main[^>]*>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ([.,;])/g, '$1')
    .trim()

const pages = [
  ['/dashboard', 'Hello, Ada', 'Dashboard'],
  ['/profile', 'Your profile', 'Profile'],
  ['/profile/edit', 'Your name', 'Profile'],
  ['/profile/email', 'Your e-mail address', 'Profile'],
  ['/profile/email/remove', 'Remove your e-mail address?', 'Profile'],
  ['/profile/password', 'Change your password', 'Profile'],
  ['/profile/sessions', 'Where you are signed in', 'Sessions'],
  ['/profile/events', 'What has happened', 'Events'],
  ['/profile/delete', 'Delete this account?', 'Profile'],
] as const

const forms = [
  ['/profile/edit', '/profile/edit'],
  ['/profile/email', '/profile/email'],
  ['/profile/email/confirm', '/profile/email/confirm'],
  ['/profile/email/again', '/profile/email/confirm'],
  ['/profile/email/remove', '/profile/email/remove'],
  ['/profile/password', '/profile/password'],
  ['/profile/sessions/end', '/profile/sessions'],
  ['/profile/sessions/end-others', '/profile/sessions'],
  ['/profile/delete', '/profile/delete'],
  ['/profile/tutorial', '/dashboard'],
] as const

t.test('every page shows where it is, the way to the others, and the way out', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada', 'ada@example.com')
  for (const [path, heading, section] of pages) {
    const { status, body } = await browser.get(path)
    t.equal(status, 200, path)
    t.equal(text(/<h1>([^]*?)<\/h1>/.exec(body)?.[1] ?? ''), heading)
    t.match(body, /<form method="post" action="\/logout"><button[^>]*>Sign out<\/button>/)
    t.match(body, `aria-current="true">${section}</a>`)
    if (path !== '/dashboard') t.match(body, `<title>${heading} · Latchkey</title>`)
    for (const other of ['/dashboard', '/profile', '/profile/sessions', '/profile/events'])
      t.match(body, `<a href="${other}"`)
  }
})

t.test('who is not signed in is sent to sign in, and back to the page', async (t) => {
  const service = await start(t)
  await register(service, 'Ada', 'ada@example.com')
  for (const [path] of pages) {
    const browser = service.browser()
    const { status, location } = await browser.get(path)
    t.equal(status, 303)
    t.equal(location, `/login?redirectUrl=${encodeURIComponent(path)}`)
    t.equal((await browser.post(location ?? '', { username: 'Ada', password })).location, path)
  }
  for (const [path, back] of forms) {
    const { status, location } = await service.browser().post(path, { isSure: 'yes' })
    t.equal(status, 303)
    t.equal(location, `/login?redirectUrl=${encodeURIComponent(back)}`, path)
  }
})

t.test('a form on another website changes nothing', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada', 'ada@example.com')
  for (const [path] of forms) {
    const { status } = await browser.post(path, {}, { 'sec-fetch-site': 'cross-site' })
    t.equal(status, 403, path)
  }
  t.ok(await isSignedIn(browser))
})

t.test('who has a recovery passkey to write down does that first', async (t) => {
  const service = await startTestService(t)
  const browser = await register(service, 'Ada', 'ada@example.com')
  for (const [path] of pages) {
    const { status, location } = await browser.get(path)
    t.equal(status, 303)
    t.equal(location, `/recovery-passkey?redirectUrl=${encodeURIComponent(path)}`)
  }
})

t.test('the profile offers what the operator allows', async (t) => {
  for (const [methods, passkeys, questions] of [
    ['email', false, false],
    ['email,questions', false, true],
  ] as const) {
    const service = await startTestService(t, { RECOVERY_METHODS: methods })
    const { body } = await (await register(service, 'Ada')).get('/profile')
    t.equal(body.includes('href="/profile/recovery-passkey"'), passkeys)
    t.equal(body.includes('href="/profile/questions"'), questions)
  }
})

t.test('where no way back is offered none is promised', async (t) => {
  const service = await startTestService(t, { RECOVERY_METHODS: 'none' })
  const browser = await register(service, 'Ada')
  t.match(text((await browser.get('/dashboard')).body), 'Your name, e-mail address and password. Where')
  t.notMatch((await browser.get('/profile')).body, /recovery passkey|questions/i)
})

t.test('the profile says since when there are a passkey and questions', async (t) => {
  const service = await startTestService(t)
  const browser = await register(service, 'Ada')
  await savePasskey(browser)
  const day = wordDay(new Date())
  const profile = async () => text((await browser.get('/profile')).body)
  t.match(await profile(), `Recovery passkey Made on ${day}.`)
  t.match(await profile(), 'Security questions None yet.')
  await setQuestions(browser)
  t.match(await profile(), `Security questions Set on ${day}.`)
  await browser.post('/profile/questions/remove', { currentPassword: password })
  t.match(await profile(), 'Security questions None yet.')
})

t.test('a display name is shown here and told to the apps, until it is taken away', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  const tell = async () => ((await browser.get('/api/session')).body.match(/"name":"([^"]*)"/) ?? [])[1]
  const saved = await browser.post('/profile/edit', { displayName: '  Ada   Lovelace ' })
  t.equal(saved.location, '/profile?notice=displayNameSaved')
  const profile = text((await browser.get(saved.location ?? '')).body)
  t.match(profile, 'Your name is saved.')
  t.match(profile, 'Display name Ada Lovelace')
  t.match((await browser.get('/profile/edit')).body, 'value="Ada Lovelace"')
  await until(async () => (await browser.get('/dashboard')).body.includes('Hello, Ada Lovelace'))
  t.equal(await tell(), 'Ada Lovelace')

  await browser.post('/profile/edit', { displayName: ' ' })
  await until(async () => (await tell()) === 'Ada')
  t.match(text((await browser.get('/profile')).body), 'you are shown as Ada.')
})

t.test('a display name that cannot be shown is refused and kept to be mended', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  await browser.post('/profile/edit', { displayName: 'Ada Lovelace' })
  const cases: [typed: string | [string, string][], words: string, kept: string][] = [
    ['x'.repeat(65), 'at most 64 characters', 'x'.repeat(65)],
    ['<b>"&\u202e', 'cannot be shown', '&lt;b&gt;&quot;&amp;\u202e'],
    ['a\0b', 'cannot be shown', ''],
    [
      [
        ['displayName', 'a'],
        ['displayName', 'b'],
      ],
      'more than one name',
      '',
    ],
  ]
  for (const [typed, words, kept] of cases) {
    const form = typeof typed === 'string' ? { displayName: typed } : typed
    const { status, body } = await browser.post('/profile/edit', form)
    t.equal(status, 400)
    t.match(body, words)
    t.match(body, `value="${kept}"`)
  }
  t.match((await browser.get('/profile/edit')).body, 'value="Ada Lovelace"', 'nothing has changed')
})

t.test('sessions are listed with browser, system and last use, this one first', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  service.passSeconds(7200)
  await signIn(service, 'Ada', iPhone)
  await signIn(service, 'Ada', 'curl/8.5.0')
  service.passSeconds(3 * 86_400)
  const { body } = await browser.get('/profile/sessions')
  const items = [...body.matchAll(/<li>\s*<div>([^]*?)<\/li>/g)].map(([, item = '']) => text(item))
  t.equal(items.length, 3)
  t.match(items[0], /^Firefox on Windows this browser Last used just now Signed in on \d+ \w+ 20\d\d at /)
  t.notMatch(items[0], 'Sign out')
  const others = items.slice(1).toSorted()
  t.match(others[0], /^Safari on an iPhone Last used 3 days ago Signed in on .* UTC Sign out$/)
  t.match(others[1], /^an unknown browser Last used 3 days ago Signed in on .* UTC Sign out$/)
  t.match(body, 'aria-label="Sign out Safari on an iPhone, last used 3 days ago"')
  t.match(body, /<time datetime="20\d\d-\d\d-\d\dT[\d:.]+Z">3 days ago<\/time>/)
  t.match(text((await browser.get('/profile')).body), 'In 3 browsers, this one included.')
})

t.test('of very many sessions the latest are listed, and the rest is counted', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  await service.database.query(`
    insert into sessions (token_hash, account_id, created_at, last_used_at, expires_at)
    select sha256(number::text::bytea), accounts.id, now(), now() - interval '1 day', now() + interval '1 day'
    from generate_series(1, 60) as number, accounts`)
  const { body } = await browser.get('/profile/sessions')
  t.equal(body.match(/<p>Last used /g)?.length, 20)
  t.match(body, 'And 41 more, which were used before these.')
  t.ok(body.length < 15_000)
})

/** The id of the session of a browser. */
async function sessionId(service: TestService, userAgent: string): Promise<string> {
  const { rows } = await service.database.query<{ id: string }>(
    'select id from sessions where user_agent = $1 order by created_at desc limit 1',
    [userAgent],
  )
  return rows[0]?.id ?? ''
}

t.test('one other browser is signed out, at every node, and told why', async (t) => {
  const service = await start(t)
  const secondNode = await startTestService(t, noPasskey, service)
  const browser = await register(service, 'Ada')
  const phone = await signIn(service, 'Ada', iPhone)
  const phoneElsewhere = secondNode.browser()
  for (const [name, value] of phone.cookies) phoneElsewhere.cookies.set(name, value)
  t.ok(await isSignedIn(phoneElsewhere))

  const id = await sessionId(service, iPhone)
  const ended = await browser.post('/profile/sessions/end', { session: id })
  t.equal(ended.location, '/profile/sessions?notice=sessionEnded')
  const { body } = await browser.get(ended.location ?? '')
  t.match(body, 'That browser is signed out.')
  t.match(body, 'You are signed in nowhere else.')
  await until(async () => !(await isSignedIn(phone)))
  await until(async () => !(await isSignedIn(phoneElsewhere)))
  t.ok(await isSignedIn(browser))
  t.match((await phone.get('/login')).body, /class="notice/)
  t.match(text((await browser.get('/profile/events')).body), 'Another browser was signed out from here')

  const again = await browser.post('/profile/sessions/end', { session: id })
  t.equal(again.location, '/profile/sessions?notice=sessionGone')
})

t.test('all other browsers are signed out, at every node; this one stays', async (t) => {
  const service = await start(t)
  const secondNode = await startTestService(t, noPasskey, service)
  const browser = await register(service, 'Ada')
  const others = [await signIn(service, 'Ada'), await signIn(secondNode, 'Ada'), await signIn(service, 'Ada')]
  const stranger = await register(service, 'Bob')
  const ended = await browser.post('/profile/sessions/end-others')
  t.equal(ended.location, '/profile/sessions?notice=otherSessionsEnded')
  for (const other of others) await until(async () => !(await isSignedIn(other)))
  t.ok(await isSignedIn(browser))
  t.ok(await isSignedIn(stranger), 'and so do those of other people')
})

t.test('nobody ends the session of somebody else, nor their own by this form', async (t) => {
  const service = await start(t)
  const ada = await register(service, 'Ada')
  await service.database.query("update sessions set user_agent = 'ada'")
  const mallory = await register(service, 'Mallory')
  const ids = [await sessionId(service, 'ada'), await sessionId(service, firefox)]
  for (const session of [...ids, '', 'x', "' or 1=1 --", ids[0]?.toUpperCase() ?? '', `${ids[0]}0`, '\0']) {
    const { status, location } = await mallory.post('/profile/sessions/end', { session })
    t.equal(status, 303, session)
    t.equal(location, '/profile/sessions?notice=sessionGone')
  }
  t.ok(await isSignedIn(ada))
  t.ok(await isSignedIn(mallory))
  t.notMatch((await mallory.get('/profile/events')).body, 'signed out from here')
})

t.test('what has happened is listed in plain words, newest first, with when and from where', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  await service.browser().post('/login', { username: 'Ada', password: 'wrong' }, { 'user-agent': iPhone })
  await register(service, 'Bob')
  service.passSeconds(60)
  await browser.post('/profile/sessions/end-others')
  await signIn(service, 'Ada', iPhone)
  await browser.post('/profile/sessions/end-others', {}, { 'user-agent': firefox })
  const read = async () => {
    const { body } = await browser.get('/profile/events')
    return [...body.matchAll(/<li><div><strong>([^]*?)<\/li>/g)].map(([, item = '']) => text(item))
  }
  await until(async () => (await read()).length >= 5)
  const when = String.raw`\d+ \w+ 20\d\d at \d\d:\d\d UTC`
  const expected = [
    `^All other browsers were signed out from here ${when} Firefox on Windows, 127.0.0.1$`,
    `^Signed in by password ${when} Safari on an iPhone, 127.0.0.1$`,
    `^Somebody entered a wrong password was this you\\? ${when} Safari on an iPhone, 127.0.0.1$`,
    `^Signed in by password ${when} Firefox on Windows, 127.0.0.1$`,
    `^This account was created ${when} Firefox on Windows, 127.0.0.1$`,
  ]
  t.match(
    await read(),
    expected.map((each) => new RegExp(each)),
  )
})

t.test('older events are a page further, down to the first', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  const others = await register(service, 'Bob')
  // At one moment, so that only their order tells them apart.
  await service.database.query(`
    insert into security_events (account_id, kind, happened_at, client_address)
    select accounts.id, 'signedIn', '2026-01-01', '10.0.0.' || number
    from generate_series(1, 50) as number, accounts
    order by number`)
  await service.database.query(
    "delete from security_events where kind <> 'signedIn' or client_address not like '10.%'",
  )
  const seen: string[] = []
  let path: string | undefined = '/profile/events'
  while (path !== undefined) {
    const { body }: { body: string } = await browser.get(path)
    seen.push(...[...body.matchAll(/10\.0\.0\.\d+/g)].map(([address]) => address))
    t.equal(body.includes('Back to the newest'), path !== '/profile/events')
    path = /href="(\/profile\/events\?before=\d+)"/.exec(body)?.[1]
    if (path !== undefined)
      t.notMatch((await others.get(path)).body, '10.0.0.', 'a number of somebody else leads nowhere')
  }
  t.strictSame(
    seen,
    Array.from({ length: 50 }, (_, index) => `10.0.0.${50 - index}`),
  )
  for (const before of ['0', '-1', 'x', '9'.repeat(30), "1' or 1=1", '1&before=2'])
    t.equal((await browser.get(`/profile/events?before=${before}`)).status, 200, before)
})

t.test('the tour is begun once per account, and leads back to its page', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  const isFirstVisit = async (path: string) => (await browser.get(path)).body.includes('data-first-visit')
  t.ok(await isFirstVisit('/dashboard'))
  t.ok(await isFirstVisit('/profile'))
  for (const [page, location] of [
    ['/profile', '/profile'],
    ['/dashboard', '/dashboard'],
    ['https://evil.example/', '/dashboard'],
    ['', '/dashboard'],
  ] as const)
    t.equal((await browser.post('/profile/tutorial', { page })).location, location)
  t.notOk(await isFirstVisit('/dashboard'))
  t.notOk(await isFirstVisit('/profile'))
  const elsewhere = await signIn(service, 'Ada')
  t.notMatch((await elsewhere.get('/dashboard')).body, 'data-first-visit', 'nor in another browser')
  t.match((await (await register(service, 'Bob')).get('/dashboard')).body, 'data-first-visit')
})

t.test('an account is deleted with all that belongs to it, and the browsers are told', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada', 'ada@example.com')
  const other = await signIn(service, 'Ada')
  const bob = await register(service, 'Bob')
  const page = text((await browser.get('/profile/delete')).body)
  for (const words of ['the username Ada', 'e-mail address', 'every session', 'nobody can bring it back'])
    t.match(page, words)

  const refusals: [form: Record<string, string>, status: number, words: string][] = [
    [{ currentPassword: password }, 400, 'Tick this box'],
    [{ isSure: 'yes' }, 400, 'checked'],
    [{ isSure: 'yes', currentPassword: 'wrong' }, 401, 'checked'],
  ]
  for (const [form, status, words] of refusals) {
    const refused = await browser.post('/profile/delete', form)
    t.equal(refused.status, status)
    t.match(refused.body, words)
  }
  t.ok(await isSignedIn(browser))

  const deleted = await browser.post('/profile/delete', { isSure: 'yes', currentPassword: password })
  t.equal(deleted.location, '/login')
  t.notOk(browser.cookies.has('latchkey_session'))
  t.match((await browser.get(deleted.location ?? '')).body, /account .*deleted/i)
  await until(async () => !(await isSignedIn(other)))
  t.match((await other.get('/login')).body, /account .*deleted/i)
  t.ok(await isSignedIn(bob))
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 401)
  for (const table of ['accounts', 'profiles', 'sessions', 'security_events', 'known_devices']) {
    const column = table === 'accounts' ? 'id' : 'account_id'
    const { rows } = await service.database.query(`select distinct ${column} from ${table}`)
    t.ok(rows.length <= 1, `${table} knows Bob alone`)
  }
  const again = { username: 'ADA', password, confirmPassword: password, email: 'ada@example.com' }
  const namesake = await service.browser().post('/register', again)
  t.equal(namesake.status, 409, 'apps would take a namesake for who had the name before')
  t.match(namesake.body, 'taken')
  t.equal((await service.browser().post('/register', { ...again, username: 'Ada2' })).status, 303)
})

t.test('of deletions and other changes at one moment none fails, and nothing is left', async (t) => {
  const service = await start(t)
  for (let round = 0; round < 5; round++) {
    const name = `Ada${round}`
    const browsers = [await register(service, name), await signIn(service, name), await signIn(service, name)]
    const form = { isSure: 'yes', currentPassword: password }
    const answers = await Promise.all([
      ...browsers.map((browser) => browser.post('/profile/delete', form)),
      ...browsers.map((browser) => browser.post('/profile/sessions/end-others')),
      service.browser().post('/login', { username: name, password }),
    ])
    for (const { status } of answers) t.ok(status < 500, `${status}`)
    await browsers.at(-1)?.post('/profile/delete', form)
    for (const browser of browsers) await browser.post('/profile/delete', form)
    if (answers.every(({ location }) => location !== '/login'))
      await (await signIn(service, name)).post('/profile/delete', form)
    t.strictSame((await service.database.query('select from accounts')).rows, [])
  }
})

t.test('a fault in the middle leaves nothing half done', async (t) => {
  const service = await start(t)
  const browser = await register(service, 'Ada')
  const other = await signIn(service, 'Ada', iPhone)
  const id = await sessionId(service, iPhone)
  await service.database.query('alter table security_events rename column kind to lost')
  for (const path of ['/profile/sessions/end', '/profile/sessions/end-others']) {
    const { status, body } = await browser.post(path, { session: id })
    t.equal(status, 500, path)
    t.notMatch(body, /security_events|relation|select/)
  }
  await service.database.query('alter table security_events rename column lost to kind')
  t.ok(await isSignedIn(other), 'what could not be written down has not happened')
  await service.database.query(
    'create table held as select id from accounts; alter table held add foreign key (id) references accounts',
  )
  const form = { isSure: 'yes', currentPassword: password }
  t.equal((await browser.post('/profile/delete', form)).status, 500)
  await service.database.query('drop table held')
  t.ok(await isSignedIn(other), 'nor is anybody signed out of an account that could not be deleted')
})
