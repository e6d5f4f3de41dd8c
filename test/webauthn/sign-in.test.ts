import t from 'tap'
import { until } from '../database/until.js'
import { openMailbox } from '../mail/mailbox.js'
import { startTestService } from '../flows/test-service.js'
import { SoftwareAuthenticator, type Whims } from './software-authenticator.js'
import {
  addPasskey,
  app,
  askToSignIn,
  isSignedIn,
  noticeOf,
  origin,
  password,
  register,
  signInWith,
  startService,
  startWithPasskey,
} from './webauthn-scene.js'

t.test('a passkey signs in without name and password, and leads to where somebody was going', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const browser = service.browser()
  const page = await signInWith(browser, authenticator, {}, `?redirectUrl=${encodeURIComponent(app)}`)
  t.equal(page.status, 303)
  t.equal(page.location, app)
  const login = await service.browser().get(`/login?redirectUrl=${encodeURIComponent(app)}`)
  t.match(login.body, `/login/webauthn?redirectUrl=${encodeURIComponent(app)}`)
  t.match(JSON.parse((await browser.get('/api/session')).body), { username: 'Ada' })
  t.equal((await browser.get('/login/webauthn')).location, '/dashboard', 'who is signed in goes on')
  t.match(
    (await browser.get('/profile/passkeys')).body,
    /last used on <time/,
    'and the owner sees when it was used',
  )
})

t.test('what browsers are asked for is told by nobody but this service, and names no account', async (t) => {
  const { service } = await startWithPasskey(t)
  const [one, other] = [await askToSignIn(service.browser()), await askToSignIn(service.browser())]
  t.match(one, { rpId: 'login.example.com', allowCredentials: [], userVerification: 'preferred' })
  t.ok(Buffer.from(one.challenge, 'base64url').length >= 32)
  t.not(one.challenge, other.challenge)
  const { rowCount } = await service.database.query('select from used_once')
  t.equal(rowCount, 1, 'nothing is kept of what was only asked: this is the one by which it was made')
})

t.test('anything wrong in what an authenticator says is refused, and signs nobody in', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const cases: [words: string, whims: Whims][] = [
    ['another origin', { origin: 'https://login.example.com.evil.example' }],
    ['another scheme', { origin: 'http://login.example.com' }],
    ['another port', { origin: `${origin}:8443` }],
    ['another relying party', { rpId: 'example.com' }],
    ['the answer to another ceremony', { type: 'webauthn.create' }],
    ['nobody there', { isUserPresent: false }],
    ['a frame of another site', { further: { crossOrigin: true } }],
    ['a frame of another site, told otherwise', { further: { topOrigin: 'https://evil.example' } }],
  ]
  for (const [words, whims] of cases) {
    const browser = service.browser()
    const page = await signInWith(browser, authenticator, whims)
    t.equal(page.status, 401, words)
    t.equal(noticeOf(page), 'This passkey was not accepted', words)
    t.notOk(await isSignedIn(browser), words)
  }
  const browser = service.browser()
  const right = authenticator.get(await askToSignIn(browser))
  const other = authenticator.get(await askToSignIn(browser))
  const page = await browser.post('/login/webauthn', { ...right, signature: other.signature })
  t.equal(page.status, 401, 'a signature over something else')
  t.equal((await browser.post('/login/webauthn', right)).status, 303, 'the challenge is still good then')
})

t.test('what is no answer at all is refused', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const browser = service.browser()
  const right = authenticator.get(await askToSignIn(browser))
  const broken = (data: string) => ({ ...right, clientDataJSON: Buffer.from(data).toString('base64url') })
  for (const [name, value] of [
    ['id', ''],
    ['signature', '!'],
    ['authenticatorData', ''],
    ['clientDataJSON', ''],
  ] as const) {
    const page = await browser.post('/login/webauthn', { ...right, [name]: value })
    t.equal(page.status, 400, name)
  }
  for (const data of ['', '{', 'null', '[]', '{"challenge":1}', '{}'])
    t.equal((await browser.post('/login/webauthn', broken(data))).status, 400, data)
  for (const bytes of ['A', 'AAAA', 'A'.repeat(8000)]) {
    const page = await browser.post('/login/webauthn', { ...right, authenticatorData: bytes })
    t.equal(page.status, bytes.length > 1000 ? 400 : 401)
  }
  t.equal((await browser.post('/login/webauthn')).status, 400)
  const twice = [...Object.entries(right), ['id', right.id] as [string, string]] as [string, string][]
  t.equal((await browser.post('/login/webauthn', twice)).status, 400, 'a field twice')
})

t.test('a challenge is for the browser that it was issued to, and for ten minutes', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const over = 'Please try once more'
  const [browser, other] = [service.browser(), service.browser()]
  const taken = authenticator.get(await askToSignIn(browser))
  await askToSignIn(other)
  t.equal(noticeOf(await other.post('/login/webauthn', taken)), over, 'in another browser')
  const bare = service.browser()
  t.equal(noticeOf(await bare.post('/login/webauthn', taken)), over, 'in one that has asked for nothing')

  const forged = { ...(await askToSignIn(browser)), challenge: Buffer.alloc(54).toString('base64url') }
  t.equal(noticeOf(await browser.post('/login/webauthn', authenticator.get(forged))), over, 'a forged one')
  const { challenge, ...rest } = await askToSignIn(browser)
  const later = Buffer.from(challenge, 'base64url')
  later.writeUIntBE(later.readUIntBE(16, 6) + 1_000_000, 16, 6)
  const prolonged = { ...rest, challenge: later.toString('base64url') }
  t.equal(
    noticeOf(await browser.post('/login/webauthn', authenticator.get(prolonged))),
    over,
    'a prolonged one',
  )

  const [late, early] = [await askToSignIn(browser), await askToSignIn(browser)]
  service.passSeconds(599)
  t.equal((await browser.post('/login/webauthn', authenticator.get(early))).status, 303)
  await browser.post('/logout')
  service.passSeconds(1)
  t.equal(noticeOf(await browser.post('/login/webauthn', authenticator.get(late))), over)
})

t.test('of sixteen parallel answers to one challenge, at two nodes, one signs in', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const second = await startTestService(t, { PUBLIC_URL: origin }, service)
  const first = service.browser()
  const answer = authenticator.get(await askToSignIn(first), { signCount: 0 })
  const answers = await Promise.all(
    Array.from({ length: 16 }, async (_, number) => {
      const browser = (number % 2 === 0 ? service : second).browser()
      for (const [name, value] of first.cookies) browser.cookies.set(name, value)
      return browser.post('/login/webauthn', answer)
    }),
  )
  t.equal(answers.filter(({ status }) => status === 303).length, 1)
  t.equal(answers.filter((page) => noticeOf(page) === 'Please try once more').length, 15)
})

t.test('an unknown passkey, or one of somebody else, tells nothing of accounts', async (t) => {
  const { service, owner, authenticator } = await startWithPasskey(t)
  const stranger = new SoftwareAuthenticator(origin)
  stranger.create({
    challenge: '',
    rp: { id: 'login.example.com' },
    user: { id: 'AAAA', name: 'Ada', displayName: 'Ada' },
    excludeCredentials: [],
  })
  const browser = service.browser()
  const unknown = 'This passkey is not known here'
  t.equal(noticeOf(await signInWith(browser, stranger)), unknown)

  const bert = new SoftwareAuthenticator(origin)
  await addPasskey(await register(service, 'Bert'), bert)
  for (const userHandle of [bert.keys[0]?.userHandle ?? '', '', 'AAAA']) {
    const answer = authenticator.get(await askToSignIn(browser))
    t.equal(noticeOf(await browser.post('/login/webauthn', { ...answer, userHandle })), unknown, userHandle)
  }
  await service.database.query("delete from accounts where username = 'Ada'")
  t.equal(noticeOf(await signInWith(browser, authenticator)), unknown, 'of an account that is gone')
  t.notOk(await isSignedIn(browser))
  t.notOk(await isSignedIn(owner))
})

t.test('a count of signatures that does not go up is refused, and the owner reads of it', async (t) => {
  const mailbox = await openMailbox(t)
  const { service, owner, authenticator } = await startWithPasskey(t, { SMTP_URL: mailbox.url })
  await service.database.query(
    "update accounts set email = 'ada@example.com', canonical_email = 'ada@example.com', email_confirmed_at = now()",
  )
  t.equal((await signInWith(service.browser(), authenticator, { signCount: 7 })).status, 303)
  for (const signCount of [7, 6, 0]) {
    const page = await signInWith(service.browser(), authenticator, { signCount })
    t.equal(noticeOf(page), 'This passkey may have been copied', String(signCount))
  }
  t.equal((await signInWith(service.browser(), authenticator, { signCount: 8 })).status, 303)
  t.match((await owner.get('/profile/events')).body, 'it may have been copied')
  const letter = await mailbox.letterTo('ada@example.com')
  t.equal(letter.headers.get('subject'), 'A passkey may have been copied at Latchkey')
  const { rows } = await service.database.query('select account_id from webauthn_credentials')
  const line = service.logged().find(({ msg }) => msg === 'a passkey may have been copied')
  t.match(line, { level: 40, accountId: rows[0]?.account_id, clientAddress: '127.0.0.1' })

  for (let tries = 0; tries < 10; tries += 1)
    await signInWith(service.browser(), authenticator, { signCount: 1 })
  const noted = await service.database.query("select from security_events where kind = 'credentialCopied'")
  t.equal(noted.rowCount, 5, 'nobody pushes all else out of sight by it')
})

t.test('whether a passkey may be kept elsewhere, too, never changes', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const elsewhere = { isBackupEligible: true }
  const asks = (whims: Whims) => signInWith(service.browser(), authenticator, whims)
  t.equal(noticeOf(await asks(elsewhere)), 'This passkey was not accepted')
  t.equal((await asks({})).status, 303)
  await service.database.query('update webauthn_credentials set backup_eligible = null')
  t.equal((await asks(elsewhere)).status, 303, 'of those from before it is learnt')
  t.equal((await asks({})).status, 401)
  t.equal((await asks({ isBackedUp: true })).status, 303, 'whether it is comes and goes')
})

t.test('authenticators that do not count sign in again and again', async (t) => {
  const { service, authenticator } = await startWithPasskey(t, {}, { isBackedUp: true })
  for (let round = 0; round < 3; round += 1) {
    const page = await signInWith(service.browser(), authenticator, { signCount: 0, isBackedUp: true })
    t.equal(page.status, 303)
  }
})

t.test('a lock by strangers who guess does not keep the owner of a passkey out', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  await service.database.query(`
    insert into failed_attempts (subject, account_id, failures, last_failure_at, locked_at)
    select 'account ' || id, id, 20, now(), now() from accounts`)
  const stranger = service.browser()
  t.equal((await stranger.post('/login', { username: 'Ada', password })).status, 403)
  const browser = service.browser()
  t.equal((await signInWith(browser, authenticator)).status, 303)
  await browser.post('/logout')
  t.equal((await browser.post('/login', { username: 'Ada', password })).status, 303, 'it is a known browser')
})

t.test('passkeys that are refused never count as failed attempts', async (t) => {
  const { service, authenticator } = await startWithPasskey(t, { FAILED_ATTEMPTS_PER_ADDRESS: '5' })
  for (let tries = 0; tries < 10; tries += 1)
    await signInWith(service.browser(), authenticator, { origin: 'https://evil.example' })
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 303)
})

t.test(
  'an authenticator that knows its owner is enough where a code is asked for; a bare touch is not',
  async (t) => {
    const { service, authenticator } = await startWithPasskey(t)
    await service.database.query(
      "update accounts set email = 'ada@example.com', canonical_email = 'ada@example.com', email_confirmed_at = now()",
    )
    const strict = await startTestService(t, { PUBLIC_URL: origin, EMAIL_OTP: 'required' }, service)
    const bare = strict.browser()
    const page = await signInWith(bare, authenticator, { isUserVerified: false })
    t.equal(page.location, '/login/code')
    t.notOk(await isSignedIn(bare))
    const browser = strict.browser()
    t.equal((await signInWith(browser, authenticator)).location, '/dashboard')
    t.ok(await isSignedIn(browser))
  },
)

t.test('an address that is not allowed as a destination is refused before anything', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const browser = service.browser()
  t.equal((await browser.get('/login/webauthn?redirectUrl=https://evil.example')).status, 400)
  const page = await signInWith(browser, authenticator, {}, '?redirectUrl=https://evil.example')
  t.equal(page.status, 400)
  t.notOk(await isSignedIn(browser))
  const refused = await signInWith(
    browser,
    authenticator,
    { rpId: 'x' },
    `?redirectUrl=${encodeURIComponent(app)}`,
  )
  t.match(refused.body, `/login?redirectUrl=${encodeURIComponent(app)}`, 'a refusal forgets none that is')
})

t.test('where browsers have no passkeys, none are offered', async (t) => {
  for (const PUBLIC_URL of ['http://login.example.com', 'https://192.0.2.1', 'https://[2001:db8::1]', '']) {
    const service = await startService(t, { PUBLIC_URL })
    const browser = service.browser()
    const page = await browser.get('/login/webauthn')
    t.equal(noticeOf(page), 'Passkeys do not work at this address', PUBLIC_URL)
    t.notMatch(page.body, /data-options/)
    t.equal((await browser.post('/login/webauthn', { id: 'AAAA' })).status, 404)
    // Without PUBLIC_URL it hangs on the address that is open, which a script looks at.
    const login = (await browser.get('/login')).body
    t.equal(login.includes('/login/webauthn'), PUBLIC_URL === '', PUBLIC_URL)
    t.equal(login.includes('autocomplete="username webauthn"'), PUBLIC_URL === '', PUBLIC_URL)
  }
  const off = await startService(t, { WEBAUTHN: 'off' })
  t.notMatch((await off.browser().get('/login')).body, /webauthn/)
  t.notMatch((await (await register(off, 'Ada')).get('/profile')).body, /profile\/passkeys/)
  for (const path of ['/login/webauthn', '/profile/passkeys', '/profile/passkeys/add'])
    t.equal((await off.browser().get(path)).status, 404, path)
})

t.test('challenges that were answered are forgotten when they are over', async (t) => {
  const { service, authenticator } = await startWithPasskey(t, { SESSION_SWEEP_INTERVAL_SECONDS: '1' })
  await signInWith(service.browser(), authenticator)
  t.equal((await service.database.query('select from used_once')).rowCount, 2)
  service.passSeconds(601)
  await until(async () => (await service.database.query('select from used_once')).rowCount === 0)
})
