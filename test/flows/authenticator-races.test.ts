import t from 'tap'
import { until } from '../database/until.js'
import {
  codesIn,
  enterAppCode,
  enterPasswordForApp,
  enterRecoveryCode,
  keyIn,
  Phone,
  proveByApp,
  setUpApp,
  startWithApp,
} from './authenticator-scene.js'
import { password } from './recovery-scene.js'
import { savePasskey } from './save-passkey.js'
import { isSignedIn, startWithCodes } from './sign-in-code-scene.js'
import type { Page, TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'

const patient = {
  FAILED_ATTEMPTS_BEFORE_COOLDOWN: '50',
  FAILED_ATTEMPTS_BEFORE_LOCK: '100',
  FAILED_ATTEMPTS_PER_ADDRESS: '1000',
}
const path = '/profile/authenticator'

const times = <Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

/** Sixteen browsers, half of them at another node, each with the right password. */
async function enterPasswords(service: TestService, node: TestService): Promise<TestBrowser[]> {
  const browsers = Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? service : node).browser())
  for (const browser of browsers) await enterPasswordForApp(browser)
  return browsers
}

const countSignedIn = async (browsers: TestBrowser[]) =>
  (await Promise.all(browsers.map(isSignedIn))).filter(Boolean).length

t.test('of 16 parallel uses of one code, on two nodes, one wins', async (t) => {
  const { service, phone } = await startWithApp(t, patient)
  const node = await startTestService(t, patient, service)
  const browsers = await enterPasswords(service, node)
  const code = phone.code(1)
  const pages = await Promise.all(browsers.map((browser) => enterAppCode(browser, code)))
  t.equal(await countSignedIn(browsers), 1)
  t.equal(pages.filter(({ status }) => status === 303).length, 1)
  for (const { status, body } of pages) if (status !== 303) t.match(body, 'This code has been used.')
  const { rows } = await service.database.query('select from failed_attempts where failures > 0')
  t.equal(rows.length, 0, 'to come too late is no failure')
})

t.test('of 16 parallel uses of one recovery code, on two nodes, one wins', async (t) => {
  const { service, recoveryCodes } = await startWithApp(t, patient)
  const node = await startTestService(t, patient, service)
  const browsers = await enterPasswords(service, node)
  const [code = ''] = recoveryCodes
  const pages = await Promise.all(browsers.map((browser) => enterRecoveryCode(browser, code)))
  t.equal(await countSignedIn(browsers), 1)
  t.equal((await service.database.query('select from recovery_codes')).rowCount, 9)
  for (const { status, body } of pages)
    if (status !== 303) t.match(body, 'This recovery code has just been used.')
  const { rows } = await service.database.query('select from failed_attempts where failures > 0')
  t.equal(rows.length, 0, 'to come too late is no failure')
})

t.test('a form with a right recovery code that is sent twice at once is no wrong guess', async (t) => {
  const { service, recoveryCodes } = await startWithApp(t)
  for (const code of recoveryCodes.slice(0, 5)) {
    const browser = service.browser()
    await enterPasswordForApp(browser)
    const pages = await Promise.all([enterRecoveryCode(browser, code), enterRecoveryCode(browser, code)])
    t.equal(pages.filter(({ location }) => location === '/dashboard').length, 1)
    t.ok(await isSignedIn(browser))
  }
  const { rows } = await service.database.query('select from failed_attempts where failures > 0')
  t.equal(rows.length, 0)
  const guesses = await service.database.query("select from security_events where kind = 'signInCodeWrong'")
  t.equal(guesses.rowCount, 0)
})

t.test('of 40 parallel guesses no more are compared than may fail, whatever they are of', async (t) => {
  const { service, phone, owner } = await startWithApp(t)
  const browser = service.browser()
  await enterPasswordForApp(browser)
  const right = new Set([phone.code(-1), phone.code(), phone.code(1)])
  const guesses = Array.from({ length: 45 }, (_, index) => String(index + 100_000))
    .filter((each) => !right.has(each))
    .slice(0, 40)
  const pages = await times(40, (index) =>
    index % 2 === 0
      ? enterAppCode(browser, guesses[index] ?? '')
      : enterRecoveryCode(browser, `AAAA-AAAA-AAAA-AAAA-AAAA-AA${String(index).padStart(2, '0')}`),
  )
  t.equal(pages.filter(({ status }) => status === 401).length, 4)
  t.equal(pages.filter(({ status }) => status === 429).length, 36)
  t.equal((await enterAppCode(browser, phone.nextCode())).status, 429)
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 429)

  await owner.post('/logout')
  await enterPasswordForApp(owner)
  t.equal(
    (await enterAppCode(owner, phone.code())).status,
    303,
    'a browser that the account knows is not held up',
  )
})

t.test('of parallel confirmations one turns the app on, and its recovery codes count', async (t) => {
  const { service, owner } = await startWithCodes(t)
  await owner.post(`${path}/begin`, { currentPassword: password })
  const phone = new Phone(keyIn(await owner.get(`${path}/set-up`)), [service])
  const pages = await times(8, () => owner.post(`${path}/set-up`, { code: phone.code() }))
  const shown = pages.map(codesIn).filter((codes) => codes.length > 0)
  t.equal(shown.length, 1)
  const browser = service.browser()
  await enterPasswordForApp(browser)
  t.equal((await enterRecoveryCode(browser, shown[0]?.[9] ?? '')).status, 303)
})

t.test('while the app is removed nobody is let in by it', async (t) => {
  const { service, owner, phone } = await startWithApp(t, patient)
  await proveByApp(owner, phone.nextCode())
  const browsers = await times(6, async () => service.browser())
  for (const browser of browsers) await enterPasswordForApp(browser)
  const code = phone.nextCode()
  const [removal, ...entries] = await Promise.all([
    owner.post(`${path}/off`),
    ...browsers.map((browser) => enterAppCode(browser, code)),
  ])
  t.equal(removal?.location, '/profile?notice=authenticatorAppOff')
  const isAnswer = ({ status, location }: Page) => status === 401 || location !== null
  t.ok(entries.every(isAnswer), 'and nothing fails')
  t.ok((await countSignedIn(browsers)) <= 1)
})

t.test('a database that goes away at any step loses no code and lets nobody in', async (t) => {
  const { service, phone, recoveryCodes, owner } = await startWithApp(t)
  const { database } = service
  const browser = service.browser()
  await enterPasswordForApp(browser)
  const code = phone.nextCode()
  const away = async (table: string, work: () => Promise<void>) => {
    await database.query(`alter table ${table} rename to lost`)
    await work()
    await database.query(`alter table lost rename to ${table}`)
  }
  await away('authenticator_apps', async () => {
    t.equal((await enterAppCode(browser, code)).status, 503)
    t.equal((await service.browser().post('/login', { username: 'Ada', password })).status, 503)
    t.equal((await owner.get(path)).status, 503)
  })
  await away('recovery_codes', async () => {
    t.equal((await enterRecoveryCode(browser, recoveryCodes[0] ?? '')).status, 503)
    t.equal((await owner.post(`${path}/off`, { currentPassword: password })).status, 503)
  })
  t.equal(await isSignedIn(browser), false)
  t.equal((await enterRecoveryCode(browser, recoveryCodes[0] ?? '')).status, 303)
  const other = service.browser()
  await enterPasswordForApp(other)
  t.equal((await enterAppCode(other, code)).status, 303, 'it was not used up')
})

t.test('keys are sealed by the secret of the operator, each for its account', async (t) => {
  const sealing = { SIGNING_KEY_SECRET: Buffer.alloc(32, 7).toString('base64') }
  const { service, owner, phone, recoveryCodes } = await startWithApp(t, sealing)
  const eve = service.browser()
  await eve.post('/register', { username: 'Eve', password, confirmPassword: password })
  await savePasskey(eve)
  const { phone: hers } = await setUpApp(eve, [service])
  await proveByApp(owner, phone.nextCode())
  await owner.post(`${path}/begin`)
  for (const table of ['authenticator_apps', 'authenticator_enrolments']) {
    const { rows } = await service.database.query(
      `select distinct length(secret) as length, is_sealed from ${table}`,
    )
    t.strictSame(rows, [{ length: 49, is_sealed: true }], table)
  }
  const browser = service.browser()
  await enterPasswordForApp(browser)
  t.equal((await enterAppCode(browser, phone.nextCode())).status, 303)

  const swap = async () =>
    service.database.query(
      `update authenticator_apps own set secret =
         (select secret from authenticator_apps other where other.account_id <> own.account_id)`,
    )
  await swap()
  const swapped = service.browser()
  await enterPasswordForApp(swapped)
  t.equal(
    (await enterAppCode(swapped, hers.nextCode())).status,
    500,
    'what is another account’s opens nothing',
  )
  await swap()

  for (const settings of [{}, { SIGNING_KEY_SECRET: Buffer.alloc(32, 8).toString('base64') }]) {
    const node = await startTestService(t, settings, service)
    const there = node.browser()
    await enterPasswordForApp(there)
    t.equal((await enterAppCode(there, phone.code(1))).status, 500, 'without that secret none is right')
    t.equal(await isSignedIn(there), false)
    t.ok(node.logged().some(({ err }) => /another SIGNING_KEY_SECRET/.test(JSON.stringify(err))))
    t.equal((await enterRecoveryCode(there, recoveryCodes.pop() ?? '')).status, 303)
  }
})

t.test('what was never set up to the end is swept', async (t) => {
  const { service, owner } = await startWithCodes(t, { SESSION_SWEEP_INTERVAL_SECONDS: '1' })
  await owner.post(`${path}/begin`, { currentPassword: password })
  const count = async () => (await service.database.query('select from authenticator_enrolments')).rowCount
  t.equal(await count(), 1)
  service.passSeconds(900)
  await until(async () => (await count()) === 0)
})
