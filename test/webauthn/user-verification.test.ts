import t, { type Test } from 'tap'
import { afterQuery } from '../database/after-query.js'
import { until } from '../database/until.js'
import { startTestService, type TestService } from '../flows/test-service.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { enterPassword, showPasskey, startWithStep } from '../webauthn-step/step-scene.js'
import type { SoftwareAuthenticator } from './software-authenticator.js'
import {
  noticeOf,
  origin,
  password,
  proveByPasskey,
  signInWith,
  startWithPasskey,
  type WebauthnScene,
} from './webauthn-scene.js'

const email = 'ada@example.com'
const touched = { isUserVerified: false }

/** A second node that asks everybody for a code; Ada has confirmed her address. */
async function startStrict(t: Test, { service }: WebauthnScene) {
  const mailbox = await openMailbox(t)
  const settings = { PUBLIC_URL: origin, EMAIL_OTP: 'required', SMTP_URL: mailbox.url }
  const strict = await startTestService(t, settings, service)
  await service.database.query(
    `update accounts set email = '${email}', canonical_email = '${email}', email_confirmed_at = now()`,
  )
  const readCode = async () => codeIn(await mailbox.letterTo(email))
  return { strict, readCode }
}

/** Where a sign-in by passkey in a new browser leads. */
async function wayOf(service: TestService, authenticator: SoftwareAuthenticator, whims = {}) {
  return (await signInWith(service.browser(), authenticator, whims)).location
}

t.test('a passkey that was made without a PIN is one factor, whatever it says later', async (t) => {
  const scene = await startWithPasskey(t, {}, touched)
  const { strict, readCode } = await startStrict(t, scene)
  const { authenticator } = scene
  const browser = strict.browser()
  const enter = (code: string) => browser.post('/login/code', { username: 'Ada', code })
  t.equal((await signInWith(browser, authenticator, touched)).location, '/login/code')
  t.equal((await enter(await readCode())).location, '/dashboard')
  await browser.post('/logout')
  strict.passSeconds(3600)
  t.equal(
    (await signInWith(browser, authenticator)).location,
    '/login/code',
    'who has found it may have set a PIN',
  )
  const code = await readCode()
  t.equal((await enter(code === '123456' ? '654321' : '123456')).status, 401)
  const counting = await strict.database.query('select from webauthn_credentials where uv_initialized')
  t.equal(counting.rowCount, 0, 'a wrong code beside it changes nothing')
  t.equal((await enter(code)).location, '/dashboard')
  for (const words of [
    'A passkey was shown, and a code was mailed to you',
    'Somebody who had a passkey of yours entered a wrong code',
    'Signed in by a passkey',
  ])
    await until(async () => (await browser.get('/profile/events')).body.includes(words))
  const signedIn = strict.logged().filter(({ msg }) => msg === 'signed in')
  t.match(signedIn, [{ firstFactor: 'passkey' }, { firstFactor: 'passkey' }])
  t.equal(await wayOf(strict, authenticator), '/dashboard', 'once both were shown it is two')
  t.equal(await wayOf(strict, authenticator, touched), '/login/code', 'a bare touch still is one')
})

t.test('a PIN beside the password counts from then on', async (t) => {
  const { service, authenticator } = await startWithStep(t)
  await service.database.query('update webauthn_credentials set uv_initialized = false')
  for (const whims of [touched, {}]) {
    const page = await signInWith(service.browser(), authenticator)
    t.equal(page.status, 401)
    t.equal(noticeOf(page), 'Your password is needed, too')
    const browser = service.browser()
    await enterPassword(browser)
    t.equal((await showPasskey(browser, authenticator, whims)).location, '/dashboard')
  }
  t.equal(await wayOf(service, authenticator), '/dashboard')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 303)
})

t.test('nor does a PIN that was set later prove who somebody is', async (t) => {
  const { service, owner, authenticator } = await startWithPasskey(t, {}, touched)
  service.passSeconds(601)
  const offer = async () => (await owner.get('/profile/confirm')).body.includes('Use a passkey')
  t.equal(await offer(), false)
  const page = await proveByPasskey(owner, authenticator)
  t.equal(noticeOf(page), 'A touch is not enough here')
  await service.database.query('update webauthn_credentials set uv_initialized = true')
  t.equal(await offer(), true)
  t.equal((await proveByPasskey(owner, authenticator)).status, 303)
})

t.test('what a passkey has begun ends when it is removed, and nothing else does', async (t) => {
  const scene = await startWithPasskey(t, {}, touched)
  const { strict, readCode } = await startStrict(t, scene)
  const [begun, other] = [strict.browser(), strict.browser()]
  t.equal((await signInWith(begun, scene.authenticator)).location, '/login/code')
  const code = await readCode()
  strict.passSeconds(60)
  await other.post('/login', { username: 'Ada', password })
  const otherCode = await readCode()
  await scene.service.database.query('delete from webauthn_credentials')
  t.equal((await begun.post('/login/code', { username: 'Ada', code })).location, '/login')
  t.equal((await other.post('/login/code', { username: 'Ada', code: otherCode })).location, '/dashboard')
})

t.test('a passkey that is removed between its use and the second step begins none', async (t) => {
  const scene = await startWithPasskey(t, {}, touched)
  const { strict } = await startStrict(t, scene)
  afterQuery(strict.database, 'find account by id', () =>
    scene.service.database.query('delete from webauthn_credentials'),
  )
  const browser = strict.browser()
  const page = await signInWith(browser, scene.authenticator)
  t.equal(page.location, '/login')
  t.notOk(browser.cookies.has('__Host-latchkey_sign_in'))
})
