import t from 'tap'
import { until } from '../database/until.js'
import { enterRecoveryCode } from '../flows/authenticator-scene.js'
import { startTestService } from '../flows/test-service.js'
import { SoftwareAuthenticator, type Whims } from '../webauthn/software-authenticator.js'
import {
  addPasskey,
  app,
  askToCreate,
  askToSignIn,
  isSignedIn,
  noticeOf,
  origin,
  proveByPasskey,
  register,
  signInWith,
} from '../webauthn/webauthn-scene.js'
import { askForStep, enterPassword, showPasskey, startWithStep, stepPath, switchPath } from './step-scene.js'

const query = `?redirectUrl=${encodeURIComponent(app)}`
const over = 'Please try once more'

t.test(
  'after the right password a passkey of the account is asked for, and only then there is a session',
  async (t) => {
    const { service, owner, authenticator } = await startWithStep(t)
    const browser = service.browser()
    t.equal((await enterPassword(browser, query)).location, stepPath + query)
    t.notOk([...browser.cookies.keys()].some((name) => /session|device/.test(name)))
    const page = await browser.get(stepPath + query)
    t.match(page.body, 'You then go on to app.example.com.')
    t.match(page.body, `href="/login/recovery-code${query}"`)
    t.match(page.body, 'This needs JavaScript')
    t.match(await askForStep(browser), {
      rpId: 'login.example.com',
      allowCredentials: [{ type: 'public-key', id: authenticator.keys[0]?.id }],
      userVerification: 'preferred',
    })
    const answer = authenticator.get(await askForStep(browser, query), { isUserVerified: false })
    const done = await browser.post(stepPath + query, { ...answer, userHandle: '' })
    t.equal(done.location, app, 'a touch is enough, and authenticators need not say whose the passkey is')
    t.equal(await isSignedIn(browser), true)
    const words = 'The password was right, and a passkey was shown after it'
    await until(async () => (await owner.get('/profile/events')).body.includes(words))
  },
)

t.test('whatever is wrong lets nobody in, and is no failed attempt', async (t) => {
  const { service, authenticator } = await startWithStep(t, { FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2' })
  const bert = new SoftwareAuthenticator(origin)
  const another = await register(service, 'Bert')
  await addPasskey(another, bert)
  const browser = service.browser()
  const refuses = async (words: string, heading: string, answer: Record<string, string>, status = 401) => {
    await enterPassword(browser)
    const page = await browser.post(stepPath, answer)
    t.equal(page.status, status, words)
    t.equal(noticeOf(page), heading, words)
    t.match(page.body, 'data-options', 'and may be tried again')
  }
  await enterPassword(browser)
  const cases: [words: string, whims: Whims][] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'example.com' }],
    ['the answer to another ceremony', { type: 'webauthn.create' }],
    ['nobody there', { isUserPresent: false }],
    ['a frame of another site', { further: { crossOrigin: true } }],
  ]
  for (const [words, whims] of cases) {
    const page = await showPasskey(browser, authenticator, whims)
    t.equal(page.status, 401, words)
    t.equal(noticeOf(page), 'This passkey was not accepted', words)
  }
  const ofBert = bert.get(await askForStep(browser))
  for (const userHandle of [ofBert.userHandle, '', authenticator.keys[0]?.userHandle ?? ''])
    await browser
      .post(stepPath, { ...ofBert, userHandle })
      .then((page) => t.equal(noticeOf(page), 'This is no passkey of this account', 'of another account'))
  const strange = { ...authenticator.get(await askForStep(browser)), userHandle: 'AAAA' }
  t.equal(noticeOf(await browser.post(stepPath, strange)), 'This is no passkey of this account')

  await refuses('to sign in without a password', over, authenticator.get(await askToSignIn(browser)))
  const { challenge } = await askToCreate(another)
  const made = authenticator.get({ challenge, rpId: 'login.example.com', allowCredentials: [] })
  await refuses('to make a passkey', over, made)
  const elsewhere = service.browser()
  await enterPassword(elsewhere)
  await refuses('of another sign-in', over, authenticator.get(await askForStep(elsewhere)))
  const before = authenticator.get(await askForStep(browser))
  await refuses('of the sign-in before in this browser', over, before)
  const forged = { ...(await askForStep(browser)), challenge: Buffer.alloc(54).toString('base64url') }
  await refuses('a forged one', over, authenticator.get(forged))
  await refuses('nothing', 'This passkey was not accepted', {}, 400)
  await refuses('half of it', 'This passkey was not accepted', { ...before, signature: '!' }, 400)

  const right = authenticator.get(await askForStep(elsewhere))
  const crossed = await elsewhere.post('/login/webauthn', right)
  t.equal(crossed.status, 401, 'nor does what was asked for here sign in without a password')
  const { rows } = await service.database.query('select from failed_attempts where failures > 0')
  t.equal(rows.length, 0)
  t.equal(await isSignedIn(browser), false)
  t.equal((await elsewhere.post(stepPath, right)).status, 303, 'the right one')
  t.equal((await elsewhere.post(stepPath, right)).location, '/dashboard', 'once more, by whoever is in')
  await enterPassword(browser)
  t.equal((await browser.post(stepPath, right)).status, 401, 'and by nobody else')
  const copied = authenticator.get(await askForStep(browser), { signCount: 1 })
  t.equal(noticeOf(await browser.post(stepPath, copied)), 'This passkey may have been copied')
})

t.test('of sixteen parallel uses of one answer, at two nodes, one wins', async (t) => {
  const patient = { FAILED_ATTEMPTS_BEFORE_COOLDOWN: '50', FAILED_ATTEMPTS_BEFORE_LOCK: '100' }
  const { service, authenticator } = await startWithStep(t, patient)
  const second = await startTestService(t, { PUBLIC_URL: origin, ...patient }, service)
  const first = service.browser()
  await enterPassword(first)
  const answer = authenticator.get(await askForStep(first), { signCount: 0 })
  const browsers = Array.from({ length: 16 }, (_, number) => (number % 2 === 0 ? service : second).browser())
  for (const browser of browsers) for (const [name, value] of first.cookies) browser.cookies.set(name, value)
  await Promise.all(browsers.map((browser) => browser.post(stepPath, answer)))
  const signedIn = await Promise.all(browsers.map(isSignedIn))
  t.equal(signedIn.filter(Boolean).length, 1)
})

for (const [what, change] of Object.entries({
  'the passkey is removed': 'delete from webauthn_credentials',
  'asking is turned off': 'delete from webauthn_steps; delete from webauthn_credentials',
  'the password is changed': 'update accounts set password_version = password_version + 1',
  'the account is removed': 'delete from accounts',
}))
  t.test(`when ${what} between the password and the passkey there is no session`, async (t) => {
    const { service, authenticator } = await startWithStep(t)
    const browser = service.browser()
    await enterPassword(browser)
    const answer = authenticator.get(await askForStep(browser))
    await service.database.query(change)
    const page = await browser.post(stepPath, answer)
    t.ok(page.status === 401 || page.location === '/login', `${page.status} ${page.location}`)
    t.equal(await isSignedIn(browser), false)
  })

t.test('a wait or a lock of the account holds here, too', async (t) => {
  const { service, authenticator } = await startWithStep(t)
  const browser = service.browser()
  await enterPassword(browser)
  await service.database.query('delete from failed_attempts')
  await service.database.query(`
    insert into failed_attempts (subject, account_id, failures, last_failure_at, locked_at)
    select 'account ' || id, id, 20, now(), now() from accounts`)
  t.equal((await showPasskey(browser, authenticator)).status, 403)
  t.equal(await isSignedIn(browser), false)
})

t.test('a recovery code stands in for lost passkeys, once', async (t) => {
  const { service, recoveryCodes } = await startWithStep(t)
  for (const status of [303, 401]) {
    const browser = service.browser()
    await enterPassword(browser)
    t.equal((await enterRecoveryCode(browser, recoveryCodes[0] ?? '')).status, status)
  }
})

t.test('a browser that is trusted is not asked, until it is turned on anew', async (t) => {
  const { service, owner, authenticator } = await startWithStep(t)
  const browser = service.browser()
  await enterPassword(browser)
  const answer = authenticator.get(await askForStep(browser), { origin: 'https://evil.example' })
  t.match(
    (await browser.post(stepPath, { ...answer, trust: 'yes' })).body,
    /name="trust" value="yes" checked/,
  )
  const right = authenticator.get(await askForStep(browser))
  await browser.post(stepPath, { ...right, trust: 'yes' })
  await browser.post('/logout')
  const touch = await signInWith(browser, authenticator, { isUserVerified: false })
  t.equal(noticeOf(touch), 'Your password is needed, too', 'a touch alone is not enough even there')
  t.equal((await enterPassword(browser)).location, '/dashboard')
  await browser.post('/logout')
  await proveByPasskey(owner, authenticator)
  await owner.post(`${switchPath}/off`)
  await owner.post(`${switchPath}/on`)
  t.equal((await enterPassword(browser)).location, stepPath)
})

t.test('a touch is one factor: it counts either first or after the password, not as both', async (t) => {
  const { service, owner, authenticator } = await startWithStep(t)
  const browser = service.browser()
  const touch = await signInWith(browser, authenticator, { isUserVerified: false })
  t.equal(touch.status, 401)
  t.equal(noticeOf(touch), 'Your password is needed, too')
  t.equal(
    (await signInWith(service.browser(), authenticator)).location,
    '/dashboard',
    'a PIN or finger makes two',
  )

  await proveByPasskey(owner, authenticator)
  await owner.post(`${switchPath}/off`)
  await service.database.query(`
    insert into authenticator_apps (account_id, secret, is_sealed, since, last_step)
    select id, '\\x00', false, now(), 0 from accounts`)
  const again = await signInWith(browser, authenticator, { isUserVerified: false })
  t.equal(again.location, '/login/authenticator')
  t.notMatch((await browser.get('/login/authenticator')).body, stepPath)
  t.equal((await browser.get(stepPath)).location, '/login/authenticator')
  await enterPassword(browser)
  t.match((await browser.get('/login/authenticator')).body, stepPath, 'after the password it is offered')
  t.equal((await showPasskey(browser, authenticator, { isUserVerified: false })).location, '/dashboard')
})

t.test('where a code is asked of everybody, a passkey that was chosen is enough', async (t) => {
  const { service, authenticator } = await startWithStep(t)
  const strict = await startTestService(t, { PUBLIC_URL: origin, EMAIL_OTP: 'required' }, service)
  const browser = strict.browser()
  t.equal((await enterPassword(browser)).location, stepPath)
  t.equal((await browser.get('/login/code')).location, stepPath)
  t.equal((await showPasskey(browser, authenticator)).location, '/dashboard')
})

t.test('where passkeys are not to be had the page says so, and offers the rest', async (t) => {
  const { service, recoveryCodes } = await startWithStep(t)
  const plain = await startTestService(t, { PUBLIC_URL: 'http://login.example.com' }, service)
  const browser = plain.browser()
  t.equal((await enterPassword(browser)).location, stepPath)
  const page = await browser.get(stepPath)
  t.equal(noticeOf(page), 'Passkeys do not work at this address')
  t.notMatch(page.body, 'data-options')
  t.equal((await browser.post(stepPath, { id: 'AAAA' })).status, 404)
  await service.database.query('delete from recovery_codes where code_hash <> $1', [Buffer.alloc(32)])
  t.match((await browser.get(stepPath)).body, 'Whoever runs this service can let you in')
  t.equal(recoveryCodes.length, 10)

  const off = await startTestService(t, { PUBLIC_URL: origin, WEBAUTHN: 'off' }, service)
  t.equal((await enterPassword(off.browser())).location, '/dashboard', 'nobody is asked where there are none')
  for (const path of [stepPath, switchPath]) t.equal((await off.browser().get(path)).status, 404, path)
})
