import { createHash } from 'node:crypto'
import { pino } from 'pino'
import t from 'tap'
import { PasswordHasher } from '../../src/secrets/password-hasher.js'
import { savePasskey } from './save-passkey.js'
import { startTestService } from './test-service.js'

const password = 'correct horse battery'
const ada = { username: 'Ada', password, confirmPassword: password, email: 'Ada@Example.com' }

t.test('a newcomer registers, lands signed in, signs out and signs in again', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()

  const registered = await browser.post('/register', ada)
  t.equal(registered.status, 303)
  t.equal(registered.location, '/dashboard')
  await savePasskey(browser)
  t.match((await browser.get('/dashboard')).body, 'Hello, Ada')

  const signedOut = await browser.post('/logout')
  t.equal(signedOut.status, 303)
  t.equal(signedOut.location, '/login')
  t.notOk(browser.cookies.has('latchkey_session'))
  const turnedAway = await browser.get('/dashboard')
  t.equal(turnedAway.status, 303)
  t.equal(turnedAway.location, '/login?redirectUrl=%2Fdashboard')

  const signedIn = await browser.post('/login', { username: 'Ada', password })
  t.equal(signedIn.status, 303)
  t.match((await browser.get('/dashboard')).body, 'Hello, Ada')
})

t.test('the sign-in field takes the name in any writing, or the e-mail address', async (t) => {
  const service = await startTestService(t)
  await service.browser().post('/register', ada)
  for (const username of [
    'Ada',
    'ada',
    'ADA',
    '\uff21\uff24\uff21',
    ' Ada ',
    'ada@example.com',
    'ADA@EXAMPLE.COM',
  ]) {
    t.equal((await service.browser().post('/login', { username, password })).status, 303, username)
  }
})

t.test('every refusal has its status, keeps what was typed and shows no password', async (t) => {
  const service = await startTestService(t)
  await service.browser().post('/register', ada)
  const secret = 'a secret nobody may see'
  const fresh = { username: 'Bob', password: secret, confirmPassword: secret, email: '' }
  const cases: [path: string, form: Record<string, string>, status: number, words: string, kept: string][] = [
    ['/login', { username: 'Ada', password: secret }, 401, 'This password is not right', 'Ada'],
    ['/login', { username: 'Nobody', password: secret }, 401, 'No account has this username', 'Nobody'],
    [
      '/login',
      { username: 'n@example.com', password: secret },
      401,
      'No account has this e-mail address',
      'n@example.com',
    ],
    ['/login', { username: 'Ada', password: '' }, 400, 'Enter your password.', 'Ada'],
    ['/login', { username: '  ', password: secret }, 400, 'Enter your username or e-mail address.', ''],
    ['/login', { username: 'x'.repeat(255), password: secret }, 400, 'longer than any', ''],
    ['/login', { username: 'Ada', password: 'x'.repeat(257) }, 400, 'longer than any', 'Ada'],
    ['/register', { ...fresh, username: 'ADA' }, 409, 'This username is taken', 'ADA'],
    ['/register', { ...fresh, email: 'ada@example.com' }, 409, 'This e-mail address is taken', 'Bob'],
    ['/register', { ...fresh, username: 'B' }, 400, 'at least 2 characters', 'B'],
    ['/register', { ...fresh, username: 'B b' }, 400, 'no spaces', 'B b'],
    ['/register', { ...fresh, username: 'b@b' }, 400, 'A username has no @', 'b@b'],
    ['/register', { ...fresh, username: '' }, 400, 'Choose a username.', ''],
    ['/register', { ...fresh, email: 'nope' }, 400, 'not an e-mail address', 'nope'],
    ['/register', { ...fresh, confirmPassword: 'other' }, 400, 'differs from the password', 'Bob'],
    ['/register', { ...fresh, confirmPassword: '' }, 400, 'a second time', 'Bob'],
    ['/register', { ...fresh, password: 'short' }, 400, 'at least 8 characters', 'Bob'],
    ['/register', { ...fresh, password: 'x'.repeat(257) }, 400, 'at most 256 characters', 'Bob'],
    ['/register', { ...fresh, password: 'password1' }, 400, 'among the first', 'Bob'],
    [
      '/register',
      { ...fresh, username: 'roberta.bob', password: 'roberta.bob1' },
      400,
      'hardly more than the username',
      'roberta.bob',
    ],
    ['/register', { ...fresh, password: 'latchkey1' }, 400, 'name of this service', 'Bob'],
  ]
  for (const [path, form, status, words, kept] of cases) {
    const browser = service.browser()
    const page = await browser.post(path, form)
    t.equal(page.status, status, `${path} ${JSON.stringify(form).slice(0, 90)}`)
    t.match(page.body, words)
    t.match(page.body, `value="${kept}"`)
    t.notMatch(page.body, secret)
    t.equal(browser.cookies.size, 0)
  }
  const { rows } = await service.database.query('select username from accounts')
  t.strictSame(rows, [{ username: 'Ada' }], 'nothing was half done')
})

t.test('a password is kept exactly as typed', async (t) => {
  const service = await startTestService(t)
  const typed = ' pässwörd\twith 😀 &<>"\' '
  const form = { username: 'Ada', password: typed, confirmPassword: typed }
  t.equal((await service.browser().post('/register', form)).status, 303)
  t.equal((await service.browser().post('/login', { username: 'Ada', password: typed })).status, 303)
  for (const other of [typed.trim(), typed.toUpperCase(), typed.normalize('NFD'), `${typed} `]) {
    t.equal((await service.browser().post('/login', { username: 'Ada', password: other })).status, 401)
  }
})

t.test('of parallel registrations of one name in different writings, one wins', async (t) => {
  const service = await startTestService(t)
  const names = ['grace', 'Grace', 'GRACE', '\uff27race', 'gRACE', 'graCe', 'grAce', 'grac\uff25']
  const pages = await Promise.all(
    names.map((username) =>
      service.browser().post('/register', { username, password, confirmPassword: password }),
    ),
  )
  t.strictSame(pages.map(({ status }) => status).toSorted(), [303, ...Array<number>(7).fill(409)])
})

t.test('tells nothing of who exists when REVEAL_ACCOUNT_EXISTENCE is false', async (t) => {
  const service = await startTestService(t, { REVEAL_ACCOUNT_EXISTENCE: 'false' })
  await service.browser().post('/register', ada)
  const known = await service.browser().post('/login', { username: 'Ada', password: 'wrong' })
  const unknown = await service.browser().post('/login', { username: 'Bob', password: 'wrong' })
  t.equal(known.status, 401)
  t.equal(unknown.status, 401)
  t.equal(unknown.body.replaceAll('Bob', 'Ada'), known.body)
})

t.test('hashes again at sign-in when the settings were raised, and only then', async (t) => {
  const service = await startTestService(t)
  await service.browser().post('/register', ada)
  const readHash = async () => {
    const { rows } = await service.database.query<{ password_hash: string }>(
      'select password_hash from accounts',
    )
    return rows[0]?.password_hash ?? ''
  }
  const weaker = new PasswordHasher({ memoryKiB: 1024, iterations: 1, logger: pino({ level: 'silent' }) })
  t.teardown(() => weaker.close())
  const weakHash = await weaker.hash(password)
  await service.database.query('update accounts set password_hash = $1', [weakHash])

  t.equal((await service.browser().post('/login', { username: 'Ada', password: 'wrong' })).status, 401)
  t.equal(await readHash(), weakHash, 'a wrong password changes nothing')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 303)
  const raised = await readHash()
  t.match(raised, '$argon2id$v=19$m=7168,t=1,p=1$')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 303)
  t.equal(await readHash(), raised)
})

t.test('logs events in the past tense, and never a password, token or cookie', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  await browser.post('/login', { username: 'Ada', password: 'wrong secret' })
  await browser.post('/login', { username: 'a password typed as a name', password: 'wrong secret' })
  await browser.post('/login', { username: 'Ada', password }, { 'x-forwarded-for': '1.2.3.4' })
  await browser.get('/nope?redirectUrl=with-a-code')
  const [token = 'none'] = browser.cookies.values()
  await browser.post('/logout')

  const text = JSON.stringify(service.logged())
  const secrets = [
    password,
    'wrong secret',
    'a password typed as a name',
    token,
    'latchkey_session',
    'with-a-code',
    '$argon2',
  ]
  for (const secret of secrets) t.notMatch(text, secret)
  const messages = service.logged().map(({ msg }) => msg)
  const events = [
    'registered',
    'sign-in was refused: wrong password',
    'sign-in was refused: no such account',
    'signed in',
    'signed out',
  ]
  for (const event of events) t.ok(messages.includes(event), event)
})

t.test('the database holds the SHA-256 of a token of 256 bits, and a new one for each sign-in', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  const hashes = async () => {
    const { rows } = await service.database.query<{ hash: string }>(
      `select encode(token_hash, 'hex') as hash from sessions`,
    )
    return rows.map(({ hash }) => hash)
  }
  await browser.post('/register', ada)
  const [first = ''] = browser.cookies.values()
  t.equal(Buffer.from(first, 'base64url').length, 32)
  t.strictSame(await hashes(), [createHash('sha256').update(first).digest('hex')])

  await browser.post('/login', { username: 'Ada', password })
  const [second = ''] = browser.cookies.values()
  t.not(second, first)
  t.strictSame(await hashes(), [createHash('sha256').update(second).digest('hex')], 'the old one has ended')

  await service.browser().post('/login', { username: 'Ada', password })
  t.equal((await hashes()).length, 2, 'another browser keeps its own')
})

t.test('a session lives as long as the setting says, its cookie 400 days at most', async (t) => {
  const service = await startTestService(t, { SESSION_TOKEN_VALIDITY_DURATION_SECONDS: '143243290' })
  const browser = service.browser()
  const registered = await browser.post('/register', ada)
  t.match(registered.headers.get('set-cookie'), /Max-Age=34560000;/)
  await savePasskey(browser)
  const { rows } = await service.database.query(
    'select extract(epoch from expires_at - created_at)::int as seconds from sessions',
  )
  t.strictSame(rows, [{ seconds: 143_243_290 }])

  service.passSeconds(143_243_290 - 600)
  const late = await browser.get('/dashboard')
  t.match(late.body, 'Hello, Ada')
  t.match(late.headers.get('set-cookie'), /Max-Age=(600|599|598);/, 'a visit renews the cookie')
  service.passSeconds(601)
  t.equal((await browser.get('/dashboard')).status, 303, 'expired')
})

t.test('a visit writes no cookie that lasts as long as its session anyway', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  t.strictSame(
    (await browser.get('/dashboard')).headers.getSetCookie(),
    [],
    'an answer that comes late undoes nothing',
  )
  t.equal((await browser.get('/login')).headers.getSetCookie().length, 1, 'an app that sent us here lacks it')
})

t.test('what is no token is not looked up, and a token of nobody signs in nobody', async (t) => {
  const service = await startTestService(t)
  for (const value of ['x', '%00', 'A'.repeat(43), 'A'.repeat(44), "' or 1=1 --"]) {
    const browser = service.browser()
    browser.cookies.set('latchkey_session', value)
    t.equal((await browser.get('/dashboard')).status, 303, value)
    t.equal((await browser.get('/login')).status, 200, value)
  }
})
