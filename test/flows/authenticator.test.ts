import t from 'tap'
import { until } from '../database/until.js'
import { codeIn } from '../mail/code-in.js'
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
import { email, newPassword, password } from './recovery-scene.js'
import { enterCode, isSignedIn, otherThan, proveByCode, startWithCodes } from './sign-in-code-scene.js'
import { startTestService } from './test-service.js'

const query = `?redirectUrl=${encodeURIComponent('https://app.example.com/inbox')}`
const path = '/profile/authenticator'

t.test(
  'after the right password the code of the app is asked for, and only then there is a session',
  async (t) => {
    const { service, phone, mailbox } = await startWithApp(t)
    const letters = mailbox.letters.length
    const browser = service.browser()
    await enterPasswordForApp(browser, query)
    t.notOk([...browser.cookies.keys()].some((name) => /session|device/.test(name)))
    t.equal(await isSignedIn(browser), false)
    const page = await browser.get(`/login/authenticator${query}`)
    t.equal(page.status, 200)
    t.match(page.body, 'autocomplete="one-time-code"')
    t.match(page.body, 'inputmode="numeric"')
    t.match(page.body, 'You then go on to app.example.com.')
    t.match(page.body, `href="/login/recovery-code${query}"`)
    t.notMatch(page.body, '/login/code', 'nobody has codes mailed here')

    const wrong = await enterAppCode(browser, otherThan(phone.nextCode()), { query, trust: true })
    t.equal(wrong.status, 401)
    t.match(wrong.body, 'This code is not right.')
    t.match(wrong.body, 'Attempt 1 of 20.')
    t.match(wrong.body, /name="trust" value="yes" checked/)
    t.match(wrong.body, `action="/login/authenticator${query}"`)

    const code = phone.nextCode()
    const done = await enterAppCode(browser, ` ${code.slice(0, 3)} ${code.slice(3)} `, { query })
    t.equal(done.location, 'https://app.example.com/inbox')
    t.equal(await isSignedIn(browser), true)
    t.notOk(browser.cookies.has('latchkey_sign_in'))
    t.equal(mailbox.letters.length, letters, 'nothing is mailed')
  },
)

t.test('a code of the step before or after is taken, each once, and none from before it', async (t) => {
  const { service, phone } = await startWithApp(t)
  phone.passSeconds(300)
  const tryIt = async (code: string) => {
    const browser = service.browser()
    await enterPasswordForApp(browser)
    return enterAppCode(browser, code)
  }
  t.equal((await tryIt(phone.code(-2))).status, 401)
  t.equal((await tryIt(phone.code(2))).status, 401)
  const before = phone.code(-1)
  t.equal((await tryIt(before)).status, 303)
  const again = await tryIt(before)
  t.equal(again.status, 401)
  t.match(again.body, 'This code has been used.')
  const after = phone.code(1)
  t.equal((await tryIt(after)).status, 303)
  t.match((await tryIt(phone.code())).body, 'This code has been used.', 'one from before it is over too')
})

t.test('what is no code lets nobody in and costs no try', async (t) => {
  const { service, phone, recoveryCodes } = await startWithApp(t)
  const browser = service.browser()
  await enterPasswordForApp(browser)
  for (const typed of ['', '12345', '1234567', 'abcdef', "' or 1=1", '1'.repeat(5000), '\0\0\0\0\0\0']) {
    t.equal((await enterAppCode(browser, typed)).status, 400, typed.slice(0, 10))
    t.equal((await enterRecoveryCode(browser, typed)).status, 400, typed.slice(0, 10))
  }
  const code = phone.nextCode()
  const twice: [string, string][] = [
    ['code', code],
    ['code', code],
  ]
  t.equal((await browser.post('/login/authenticator', twice)).status, 400)
  t.equal((await enterAppCode(browser, recoveryCodes[0] ?? '')).status, 400, 'each has its page')
  t.equal((await service.database.query('select from failed_attempts where failures > 0')).rowCount, 0)
  t.equal((await enterAppCode(browser, code)).status, 303)
})

t.test('a recovery code stands in for the app once, and its owner is told', async (t) => {
  const { service, owner, phone, recoveryCodes, mailbox } = await startWithApp(t)
  const [first = '', second = ''] = recoveryCodes
  const browser = service.browser()
  await enterPasswordForApp(browser, query)
  t.match((await browser.get(`/login/recovery-code${query}`)).body, `href="/login/authenticator${query}"`)
  const wrong = await enterRecoveryCode(browser, 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA', query)
  t.equal(wrong.status, 401)
  t.match(wrong.body, 'none of your recovery codes')
  const done = await enterRecoveryCode(browser, first.toLowerCase().replaceAll('-', ' '), query)
  t.equal(done.location, 'https://app.example.com/inbox')
  t.match((await mailbox.letterTo(email)).text, 'a recovery code of your account Ada')

  const other = service.browser()
  await enterPasswordForApp(other)
  t.equal((await enterRecoveryCode(other, first)).status, 401, 'once only')
  t.equal((await enterAppCode(other, phone.nextCode())).status, 303, 'the app goes on counting')
  await proveByApp(owner, phone.nextCode())
  t.match((await owner.get(path)).body, '<strong>9 recovery codes</strong> left')
  await until(async () => (await owner.get('/profile/events')).body.includes('A recovery code was used'))

  const renewed = codesIn(await owner.post(`${path}/recovery-codes`))
  t.equal(renewed.length, 10)
  t.match((await mailbox.letterTo(email)).text, 'new recovery codes were made')
  const third = service.browser()
  await enterPasswordForApp(third)
  t.equal((await enterRecoveryCode(third, second)).status, 401, 'those from before no longer count')
  t.equal((await enterRecoveryCode(third, renewed[0] ?? '')).status, 303)
  t.equal((await owner.get(`${path}/recovery-codes`)).location, path, 'they are shown once')
  const { rows } = await service.database.query<{ code_hash: Buffer }>('select code_hash from recovery_codes')
  for (const { code_hash: hash } of rows) t.equal(hash.length, 32)
})

t.test('without recovery codes left none is asked for', async (t) => {
  const { service } = await startWithApp(t)
  await service.database.query('delete from recovery_codes')
  const browser = service.browser()
  await enterPasswordForApp(browser)
  t.notMatch((await browser.get('/login/authenticator')).body, 'recovery-code')
  t.equal((await browser.get('/login/recovery-code')).location, '/login/authenticator')
})

t.test('it is set up with the password, and counts for nothing before its first code', async (t) => {
  const { service, owner, mailbox } = await startWithCodes(t, { EMAIL_OTP: 'off' })
  t.match((await owner.get('/profile')).body, /Authenticator app[^]*?tag ">off/)
  t.match((await owner.get(path)).body, 'Set it up')
  t.equal((await owner.get(`${path}/set-up`)).location, path)
  t.equal((await owner.post(`${path}/set-up`, { code: '123456' })).location, path)
  t.equal((await owner.post(`${path}/begin`)).status, 400)
  t.equal((await owner.post(`${path}/begin`, { currentPassword: 'wrong' })).status, 401)
  t.equal((await owner.post(`${path}/begin`, { currentPassword: password })).location, `${path}/set-up`)

  const page = await owner.get(`${path}/set-up`)
  const key = keyIn(page)
  t.match(key, /^[A-Z2-7]{32}$/)
  t.match(page.body, `href="otpauth://totp/Latchkey:Ada?secret=${key}&amp;issuer=Latchkey`)
  t.equal(keyIn(await owner.get(`${path}/set-up`)), key, 'reloading shows the same')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).location, '/dashboard')

  const phone = new Phone(key, [service])
  for (const typed of ['', 'abc', otherThan(phone.code())]) {
    const wrong = await owner.post(`${path}/set-up`, { code: typed })
    t.equal(wrong.status, 400)
    t.equal(keyIn(wrong), key)
    t.match(wrong.body, 'This code was not taken')
  }
  const done = await owner.post(`${path}/set-up`, { code: phone.code() })
  t.equal(codesIn(done).length, 10)
  t.match((await mailbox.letterTo(email)).text, 'asks for a code of an authenticator app')
  await proveByApp(owner, phone.nextCode())
  t.equal((await owner.get(`${path}/set-up`)).location, path, 'the key is not shown again')
  t.match((await owner.get('/profile?notice=authenticatorAppOn')).body, /Authenticator app[^]*?tag good">on/)
  await enterPasswordForApp(service.browser())
  const other = service.browser()
  await enterPasswordForApp(other)
  t.match(
    (await enterAppCode(other, phone.code(-1))).body,
    'has been used',
    'the code that turned it on counts no more',
  )
})

t.test('what was begun is forgotten by cancelling, by time, and by the end of the session', async (t) => {
  const { service, owner } = await startWithCodes(t)
  const begin = async () => {
    await owner.post(`${path}/begin`, { currentPassword: password })
    return keyIn(await owner.get(`${path}/set-up`))
  }
  const first = await begin()
  t.equal((await owner.post(`${path}/set-up/cancel`)).location, '/profile')
  t.equal((await owner.get(`${path}/set-up`)).location, path)
  t.not(await begin(), first, 'another key each time')
  service.passSeconds(901)
  t.equal((await owner.get(`${path}/set-up`)).location, path)
  t.equal((await owner.post('/profile/confirm', { currentPassword: password })).status, 303)
  t.equal((await owner.get(`${path}/set-up`)).location, path, 'also for who has just shown the password')
  await begin()
  await owner.post('/logout')
  t.equal((await service.database.query('select from authenticator_enrolments')).rowCount, 0)
})

t.test('an app that sees the cookie of the session alone does not see the key', async (t) => {
  const { service, owner } = await startWithCodes(t)
  await owner.post(`${path}/begin`, { currentPassword: password })
  const thief = service.browser()
  thief.cookies.set('latchkey_session', owner.cookies.get('latchkey_session') ?? '')
  t.equal((await thief.get(`${path}/set-up`)).location, path)
  t.equal((await thief.post(`${path}/begin`)).status, 400)
})

t.test('where the password is asked for each time it can be set up all the same', async (t) => {
  const { service, owner } = await startWithCodes(t, { SUDO_VALIDITY_SECONDS: '0' })
  t.equal((await setUpApp(owner, [service])).recoveryCodes.length, 10)
})

t.test('another phone takes the place of the first, which counts until then', async (t) => {
  const { service, owner, phone } = await startWithApp(t)
  await proveByApp(owner, phone.nextCode())
  await owner.post(`${path}/begin`)
  const key = keyIn(await owner.get(`${path}/set-up`))
  const browser = service.browser()
  await enterPasswordForApp(browser)
  t.equal((await enterAppCode(browser, phone.nextCode())).status, 303)
  const next = new Phone(key, [service], 60)
  t.equal(codesIn(await owner.post(`${path}/set-up`, { code: next.code() })).length, 10)
  const other = service.browser()
  await enterPasswordForApp(other)
  t.equal((await enterAppCode(other, otherThan(phone.nextCode()))).status, 401)
  next.passSeconds(0)
  const third = service.browser()
  await enterPasswordForApp(third)
  t.equal((await enterAppCode(third, new Phone(key, [service], 90).code())).status, 303)
})

t.test('it is turned off with the password, with its recovery codes', async (t) => {
  const { service, owner, mailbox, phone } = await startWithApp(t)
  await proveByApp(owner, phone.nextCode())
  t.match((await owner.get(path)).body, `formaction="${path}/off"`)
  await owner.post(`${path}/begin`, { currentPassword: password })
  t.equal((await owner.post(`${path}/off`)).location, '/profile?notice=authenticatorAppOff')
  t.match((await mailbox.letterTo(email)).text, 'no longer asks for a code of the authenticator app')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).location, '/dashboard')
  t.equal((await service.database.query('select from recovery_codes')).rowCount, 0)
  t.equal((await owner.get(`${path}/set-up`)).location, path, 'nor is another phone set up any more')
  t.equal((await owner.post(`${path}/off`)).location, path)
  t.equal((await owner.post(`${path}/recovery-codes`)).location, path)
})

t.test('who is asked for the app can have a code mailed instead only if they chose that too', async (t) => {
  const { service, owner, phone, mailbox } = await startWithApp(t, { EMAIL_OTP: 'optional' })
  const alone = service.browser()
  await enterPasswordForApp(alone)
  t.equal((await alone.get('/login/code')).location, '/login/authenticator')
  t.equal((await alone.post('/login/code/send')).location, '/login/authenticator')

  await proveByApp(owner, phone.nextCode())
  await owner.post('/profile/sign-in-code/on')
  await mailbox.letterTo(email)
  const letters = mailbox.letters.length
  const browser = service.browser()
  await enterPasswordForApp(browser, query)
  t.equal(mailbox.letters.length, letters, 'none is mailed unasked')
  t.match((await browser.get(`/login/authenticator${query}`)).body, `action="/login/code/send${query}"`)
  t.match((await browser.get(`/login/code${query}`)).body, 'No code is on its way')
  t.equal((await browser.post(`/login/code/send${query}`)).location, `/login/code${query}`)
  const page = await browser.get(`/login/code${query}`)
  t.match(page.body, `href="/login/authenticator${query}"`)
  t.match(page.body, `href="/login/recovery-code${query}"`)
  const code = codeIn(await mailbox.letterTo(email))
  t.equal((await enterCode(browser, code, { query })).location, 'https://app.example.com/inbox')
  const other = service.browser()
  await enterPasswordForApp(other)
  t.equal((await enterAppCode(other, phone.nextCode())).status, 303)
})

t.test('where a code is asked of everybody, the app is as good, and nothing is mailed', async (t) => {
  const { service, owner, mailbox, phone } = await startWithApp(t)
  const node = await startTestService(t, { EMAIL_OTP: 'required', SMTP_URL: mailbox.url }, service)
  await service.database.query('select set_account_email(id, null, null, null) from accounts')
  const browser = node.browser()
  await enterPasswordForApp(browser)
  t.equal((await browser.get('/login/code')).location, '/login/authenticator')
  t.equal((await browser.get('/login/email')).location, '/login/authenticator')
  const atNode = node.browser()
  for (const [name, value] of owner.cookies) atNode.cookies.set(name, value)
  await proveByApp(atNode, new Phone(phone.key, [node], 0).nextCode())
  t.match((await atNode.get('/profile/sign-in-code')).body, 'You have, and that is asked for.')
  t.equal((await atNode.post(`${path}/off`)).location, '/profile?notice=authenticatorAppOff')
  t.equal((await node.browser().post('/login', { username: 'Ada', password })).location, '/login/email')
})

t.test('where the app is not offered there is neither page nor setting, and nobody is asked', async (t) => {
  const { service } = await startWithApp(t)
  const node = await startTestService(t, { AUTHENTICATOR_APP: 'off', WEBAUTHN: 'off' }, service)
  const browser = node.browser()
  t.equal((await browser.post('/login', { username: 'Ada', password })).location, '/dashboard')
  for (const each of ['/login/authenticator', '/login/recovery-code', path, `${path}/set-up`])
    t.equal((await browser.get(each)).status, 404, each)
  t.notMatch((await browser.get('/profile')).body, 'Authenticator app')
})

t.test(
  'a browser that is trusted is asked for the password alone, until the app is set up anew',
  async (t) => {
    const { service, owner, phone } = await startWithApp(t)
    const browser = service.browser()
    await enterPasswordForApp(browser)
    await enterAppCode(browser, phone.nextCode(), { trust: true })
    await browser.post('/logout')
    t.equal((await browser.post('/login', { username: 'Ada', password })).location, '/dashboard')
    await browser.post('/logout')
    await proveByApp(owner, phone.nextCode())
    await owner.post(`${path}/begin`)
    const next = new Phone(keyIn(await owner.get(`${path}/set-up`)), [service], 60)
    await owner.post(`${path}/set-up`, { code: next.code() })
    await enterPasswordForApp(browser)
  },
)

t.test(
  'a browser that was trusted beside an app is asked for the mailed code when the app is removed',
  async (t) => {
    const { service, owner, phone } = await startWithApp(t, { EMAIL_OTP: 'optional' })
    await proveByApp(owner, phone.nextCode())
    await owner.post('/profile/sign-in-code/on')
    const browser = service.browser()
    await enterPasswordForApp(browser)
    await enterAppCode(browser, phone.nextCode(), { trust: true })
    await browser.post('/logout')
    await owner.post(`${path}/off`)
    t.equal((await browser.post('/login', { username: 'Ada', password })).location, '/login/code')
  },
)

for (const [what, change] of Object.entries({
  'the password is changed': 'update accounts set password_version = password_version + 1',
  'the account is removed': 'delete from accounts',
  'the app is removed': 'delete from authenticator_apps',
}))
  t.test(`when ${what} between the password and the code there is no session`, async (t) => {
    const { service, phone, recoveryCodes } = await startWithApp(t)
    const browser = service.browser()
    await enterPasswordForApp(browser, query)
    await service.database.query(change)
    t.equal((await enterRecoveryCode(browser, recoveryCodes[0] ?? '', query)).location, `/login${query}`)
    t.equal((await enterAppCode(browser, phone.nextCode(), { query })).location, `/login${query}`)
    t.equal(await isSignedIn(browser), false)
  })

t.test('an app that is turned on between the password and the mailed code is asked for', async (t) => {
  const { service, owner, mailbox } = await startWithCodes(t)
  await owner.post('/profile/sign-in-code/on', { currentPassword: password })
  await mailbox.letterTo(email)
  const browser = service.browser()
  await browser.post('/login', { username: 'Ada', password })
  const code = codeIn(await mailbox.letterTo(email))
  await proveByCode({ mailbox }, owner)
  await owner.post('/profile/sign-in-code/off')
  await setUpApp(owner, [service])
  t.equal((await enterCode(browser, code)).location, '/login/authenticator')
  t.equal(await isSignedIn(browser), false)
})

t.test('a password that is reset by mail leaves the app on', async (t) => {
  const { service, phone, mailbox } = await startWithApp(t)
  const browser = service.browser()
  await browser.post('/recover', { username: 'Ada' })
  await browser.post('/recover/email/send', { username: 'Ada' })
  const proof = codeIn(await mailbox.letterTo(email))
  await browser.post('/recover/email', { username: 'Ada', proof })
  await browser.post('/recover/reset', { password: newPassword, confirmPassword: newPassword })
  const login = await browser.post('/login', { username: 'Ada', password: newPassword })
  t.equal(login.location, '/login/authenticator')
  t.equal((await enterAppCode(browser, phone.nextCode())).status, 303)
})
