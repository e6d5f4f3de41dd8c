import t from 'tap'
import { until } from '../database/until.js'
import { codeIn } from '../mail/code-in.js'
import { email, newPassword, password } from './recovery-scene.js'
import {
  enterCode,
  enterPassword,
  isSignedIn,
  otherThan,
  proveByCode,
  startWithCodeOn,
  startWithCodes,
} from './sign-in-code-scene.js'
import type { Mailbox } from '../mail/mailbox.js'
import type { TestBrowser } from './test-browser.js'
import { startTestService } from './test-service.js'

const query = `?redirectUrl=${encodeURIComponent('https://app.example.com/inbox')}`

t.test('after the right password a code is asked for, and only then there is a session', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser, query)
  t.match(code, /^\d{6}$/)
  t.notOk([...browser.cookies.keys()].some((name) => /session|device/.test(name)))
  t.equal(await isSignedIn(browser), false)

  const page = await browser.get(`/login/code${query}`)
  t.equal(page.status, 200)
  t.match(page.body, 'autocomplete="one-time-code"')
  t.match(page.body, 'inputmode="numeric"')
  t.match(page.body, 'a…@example.com')
  t.notMatch(page.body, email)
  t.match(page.body, /data-seconds-left="(5\d|60)">(5\d|60) seconds<\/strong>, until <time/)
  t.match(page.body, 'You then go on to app.example.com.')

  const done = await enterCode(browser, code, { query })
  t.equal(done.status, 303)
  t.equal(done.location, 'https://app.example.com/inbox')
  t.equal(await isSignedIn(browser), true)
  t.notOk(browser.cookies.has('latchkey_sign_in'))
})

t.test('the letter says the code in text and in HTML, in one piece', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  await service.browser().post('/login', { username: 'Ada', password })
  const letter = await mailbox.letterTo(email)
  const code = codeIn(letter)
  t.match(letter.text, `\n    ${code}\n`)
  t.match(letter.text, 'sign in to your account Ada')
  t.match(letter.text, 'It works once, for 1 minute.')
  t.match(letter.html, `<h1><code>${code}</code></h1>`)
  t.match(letter.html, 'sign in to your account Ada')
})

t.test('a cookie of a sign-in under way is no session anywhere', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  await enterPassword({ mailbox }, browser)
  const token = browser.cookies.get('latchkey_sign_in') ?? ''
  t.not(token, '')
  browser.cookies.set('latchkey_session', token)
  t.equal((await browser.get('/api/session')).status, 401)
  t.equal((await browser.get('/api/session', { authorization: `Bearer ${token}` })).status, 401)
  t.equal((await browser.get('/dashboard')).location, '/login?redirectUrl=%2Fdashboard')
  const gate = { 'x-original-url': 'https://app.example.com/', 'x-original-method': 'GET' }
  t.not((await browser.get('/api/authz/auth-request', gate)).status, 200)
})

t.test('where a person is going is kept over wrong, expired and new codes, and over reloads', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser, query)
  const wrong = await enterCode(browser, otherThan(code), { query, trust: true })
  t.equal(wrong.status, 401)
  t.match(wrong.body, 'This code is wrong. You can try 4 times more.')
  t.match(wrong.body, /name="trust" value="yes" checked/)
  t.match(wrong.body, `action="/login/code${query}"`)
  t.match(wrong.body, `action="/login/code/send${query}"`)
  t.match(wrong.body, `href="/login${query}"`)
  t.match((await enterCode(browser, 'abc', { query })).body, 'The code has 6 digits.')

  service.passSeconds(61)
  const late = await enterCode(browser, code, { query })
  t.equal(late.status, 401)
  t.match(late.body, 'This code no longer counts.')
  const reloaded = await browser.get(`/login/code${query}`)
  t.match(reloaded.body, 'The code has expired')
  t.notMatch(reloaded.body, 'data-seconds-left')
  t.match(reloaded.body, 'Codes go to <strong>a…@example.com')
  await service.database.query('delete from email_codes')
  t.match((await browser.get(`/login/code${query}`)).body, 'The code has expired', 'also when it was swept')

  const sent = await browser.post(`/login/code/send${query}`, { username: 'Ada' })
  t.equal(sent.location, `/login/code${query}`)
  const second = codeIn(await mailbox.letterTo(email))
  t.match((await browser.get(`/login/code${query}`)).body, 'data-seconds-left')
  t.equal((await enterCode(browser, second, { query })).location, 'https://app.example.com/inbox')
})

t.test('the minute begins when the mail server has the letter', async (t) => {
  let takeLetter: () => void = () => undefined
  const { service, mailbox } = await startWithCodeOn(t)
  mailbox.hold(new Promise<void>((resolve) => (takeLetter = resolve)))
  const browser = service.browser()
  const login = browser.post('/login', { username: 'Ada', password })
  const code = codeIn(await mailbox.letterTo(email))
  service.passSeconds(50)
  takeLetter()
  await login
  service.passSeconds(55)
  t.equal((await enterCode(browser, code)).location, '/dashboard')
})

t.test('a letter that the mail server has, and answers for too late, keeps its code', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t, { EMAIL_OTPS_PER_HOUR: '1' })
  let answer: () => void = () => undefined
  mailbox.hold(new Promise<void>((resolve) => (answer = resolve)))
  t.teardown(answer)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await browser.post('/login/code/send')
  t.match((await browser.get('/login/code')).body, 'No further code for now', 'it counts as one')
  t.equal((await enterCode(browser, code)).location, '/dashboard')
})

t.test('a code that went to an address of before signs nobody in', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  // As a code goes out that was under way while the address changed.
  await service.database.query(
    "update accounts set email = 'new@example.com', canonical_email = 'new@example.com'",
  )
  t.equal((await enterCode(browser, code)).status, 401)
  t.equal(await isSignedIn(browser), false)
})

t.test('only the newest code counts', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const first = await enterPassword({ mailbox }, browser)
  await browser.post('/login/code/send')
  const second = codeIn(await mailbox.letterTo(email))
  if (first !== second) t.equal((await enterCode(browser, first)).status, 401)
  t.equal((await enterCode(browser, second)).status, 303)
})

t.test('a code belongs to the browser where the password was entered', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const code = await enterPassword({ mailbox }, service.browser())
  const stranger = service.browser()
  t.equal((await enterCode(stranger, code)).location, '/login')
  const other = service.browser()
  await enterPassword({ mailbox }, other)
  t.equal((await enterCode(other, code)).status, 401)
})

t.test('who is signed in by another tab goes on; who comes too late is told to begin again', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await enterCode(browser, code)
  t.equal((await browser.get(`/login/code${query}`)).location, 'https://app.example.com/inbox')
  t.equal((await enterCode(browser, code, { query })).location, 'https://app.example.com/inbox')

  const slow = service.browser()
  await enterPassword({ mailbox }, slow, query)
  service.passSeconds(901)
  const late = await slow.get(`/login/code${query}`)
  t.equal(late.location, `/login${query}`)
  const page = await slow.get(`/login${query}`)
  t.match(page.body, 'Please sign in again')
  t.notMatch((await slow.get('/login')).body, 'Please sign in again')
})

t.test('who comes to a second step without its cookie is told why they have to sign in', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  for (const visit of [
    (browser: TestBrowser) => browser.get(`/login/code${query}`),
    (browser: TestBrowser) => browser.post(`/login/code${query}`, { username: 'Ada', code: '123456' }),
    (browser: TestBrowser) => browser.post(`/login/code/send${query}`),
  ]) {
    const browser = service.browser()
    await enterPassword({ mailbox }, browser, query)
    browser.cookies.delete('latchkey_sign_in')
    t.equal((await visit(browser)).location, `/login${query}`)
    t.match((await browser.get(`/login${query}`)).body, 'That sign-in was not finished in time')
    t.notMatch((await browser.get('/login')).body, 'Please sign in again', 'once')
  }
})

t.test('a page of an earlier sign-in as somebody else is replaced by the one under way', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  const page = await browser.post('/login/code', { username: 'Bert', code })
  t.equal(page.location, '/login/code')
  t.equal(await isSignedIn(browser), false)
})

t.test('a refused address is refused here too', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  const evil = { query: '?redirectUrl=https%3A%2F%2Fevil.example' }
  t.equal((await enterCode(browser, code, evil)).status, 400)
  t.equal((await browser.get(`/login/code${evil.query}`)).status, 400)
})

t.test('what is no code lets nobody in and costs no try', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  for (const typed of [
    '',
    '12345',
    '1234567',
    'abcdef',
    "' or 1=1",
    '1'.repeat(5000),
    '①②③④⑤',
    '\0\0\0\0\0\0',
  ])
    t.equal((await enterCode(browser, typed)).status, 400, typed.slice(0, 10))
  const twice: [string, string][] = [
    ['code', code],
    ['code', code],
  ]
  t.equal((await browser.post('/login/code', twice)).status, 400)
  t.equal((await enterCode(browser, ` ${code.slice(0, 3)}-${code.slice(3)} `)).status, 303)
})

t.test('a mail server that is down is told, and a code from before goes on counting', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await mailbox.close()
  t.equal((await browser.post('/login/code/send')).location, '/login/code')
  const page = await browser.get('/login/code')
  t.match(page.body, 'The code could not be sent')
  t.match(page.body, 'data-seconds-left')
  t.equal((await enterCode(browser, code)).status, 303)

  const later = service.browser()
  const login = await later.post(`/login${query}`, { username: 'Ada', password })
  t.equal(login.location, `/login/code${query}`)
  const told = await later.get(`/login/code${query}`)
  t.match(told.body, 'The code could not be sent')
  t.notMatch(told.body, 'data-seconds-left')
  t.equal(await isSignedIn(later), false)
})

t.test('codes that no mail server took are not counted among those that were sent', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t, { EMAIL_OTPS_PER_HOUR: '2' })
  const browser = service.browser()
  mailbox.refuse(true)
  await browser.post('/login', { username: 'Ada', password })
  for (let count = 0; count < 4; count += 1) await browser.post('/login/code/send')
  mailbox.refuse(false)
  t.match((await browser.get('/login/code')).body, 'The code could not be sent')
  await browser.post('/login/code/send')
  t.equal((await enterCode(browser, codeIn(await mailbox.letterTo(email)))).status, 303)
})

t.test('where none is asked for there is neither page nor setting', async (t) => {
  const { service, mailbox, owner } = await startWithCodes(t, { EMAIL_OTP: 'off' })
  const browser = service.browser()
  t.equal((await browser.post('/login', { username: 'Ada', password })).location, '/dashboard')
  t.equal((await browser.get('/login/code')).status, 404)
  t.equal((await owner.get('/profile/sign-in-code')).status, 404)
  t.notMatch((await owner.get('/profile')).body, 'Code at sign-in')
  t.equal(mailbox.letters.length, 0)
})

t.test('the owner turns it on and off, with the password, and is told by letter', async (t) => {
  const { service, mailbox, owner } = await startWithCodes(t)
  t.match((await owner.get('/profile')).body, /Code at sign-in[^]*?tag ">off/)
  t.match((await owner.get('/profile/sign-in-code')).body, 'Turn it on')
  t.equal((await owner.post('/profile/sign-in-code/on')).status, 400)
  t.equal((await owner.post('/profile/sign-in-code/on', { currentPassword: 'wrong' })).status, 401)
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).location, '/dashboard')

  const on = await owner.post('/profile/sign-in-code/on', { currentPassword: password })
  t.equal(on.location, '/profile?notice=signInCodeOn')
  t.match((await mailbox.letterTo(email)).text, 'asks for a code that is mailed to this address')
  t.match((await owner.get('/profile?notice=signInCodeOn')).body, /Code at sign-in[^]*?tag good">on/)
  t.equal(
    (await owner.post('/profile/sign-in-code/off', { currentPassword: password })).location,
    '/profile/confirm?redirectUrl=%2Fprofile%2Fsign-in-code',
    'the password alone does not turn it off',
  )
  await proveByCode({ mailbox }, owner)
  t.match((await owner.get('/profile/sign-in-code')).body, 'Turn it off')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).location, '/login/code')
  await mailbox.letterTo(email)

  t.equal((await owner.post('/profile/sign-in-code/off')).location, '/profile?notice=signInCodeOff')
  t.match((await mailbox.letterTo(email)).text, 'no longer asks for a code by mail')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).location, '/dashboard')
  await until(async () => (await owner.get('/profile/events')).body.includes('is no longer asked for'))
})

t.test('without a confirmed address it cannot be turned on', async (t) => {
  const { service, owner } = await startWithCodes(t)
  await service.database.query('update accounts set email_confirmed_at = null')
  t.match((await owner.get('/profile/sign-in-code')).body, 'Confirm an e-mail address')
  const page = await owner.post('/profile/sign-in-code/on', { currentPassword: password })
  t.equal(page.location, '/profile/sign-in-code')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).location, '/dashboard')
})

t.test('the events tell what was asked for and what was wrong', async (t) => {
  const { service, mailbox, owner } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await enterCode(browser, otherThan(code))
  const isTold = async () => {
    const { body } = await owner.get('/profile/events')
    return body.includes('a code was mailed to you') && body.includes('entered a wrong code')
  }
  await until(isTold)
  t.pass('they are there')
})

t.test('a browser that is trusted is asked for the password alone, for 30 days', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  await enterCode(browser, await enterPassword({ mailbox }, browser), { trust: true })
  await browser.post('/logout')
  t.equal((await browser.post('/login', { username: 'Ada', password })).location, '/dashboard')
  await browser.post('/logout')
  service.passSeconds(30 * 24 * 3600 + 1)
  await enterPassword({ mailbox }, browser)

  const careful = service.browser()
  await enterCode(careful, await enterPassword({ mailbox }, careful))
  await careful.post('/logout')
  await enterPassword({ mailbox }, careful)
  await careful.post('/login/code', { code: codeIn(await resend(careful)), trust: 'no' })
  await careful.post('/logout')
  await enterPassword({ mailbox }, careful)

  async function resend(on: TestBrowser) {
    await on.post('/login/code/send')
    return mailbox.letterTo(email)
  }
})

t.test('no trust from before counts where browsers cannot be trusted any more', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  await enterCode(browser, await enterPassword({ mailbox }, browser), { trust: true })
  await browser.post('/logout')
  const settings = { EMAIL_OTP: 'optional', SMTP_URL: mailbox.url, TRUSTED_DEVICE_SECONDS: '0' }
  const strict = (await startTestService(t, settings, service)).browser()
  for (const [name, value] of browser.cookies) strict.cookies.set(name, value)
  await enterPassword({ mailbox }, strict)
})

t.test('where browsers cannot be trusted none is', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t, { TRUSTED_DEVICE_SECONDS: '0' })
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  t.notMatch((await browser.get('/login/code')).body, 'name="trust"')
  await enterCode(browser, code, { trust: true })
  await browser.post('/logout')
  await enterPassword({ mailbox }, browser)
})

for (const [what, forget] of Object.entries({
  'a new password': async (owner, mailbox) => {
    await proveByCode({ mailbox }, owner)
    const better = password.toUpperCase()
    await owner.post('/profile/password', { password: better, confirmPassword: better })
  },
  'signing out everywhere else': (owner) => owner.post('/profile/sessions/end-others'),
  'signing out one other browser': async (owner) => {
    const { body } = await owner.get('/profile/sessions')
    const [, session = ''] = /name="session" value="([^"]+)"/.exec(body) ?? []
    await owner.post('/profile/sessions/end', { session })
  },
  'turning the code off and on again': async (owner, mailbox) => {
    await proveByCode({ mailbox }, owner)
    await owner.post('/profile/sign-in-code/off')
    await owner.post('/profile/sign-in-code/on')
  },
} satisfies Record<string, (owner: TestBrowser, mailbox: Mailbox) => Promise<unknown>>))
  t.test(`${what} forgets which browsers were trusted`, async (t) => {
    const { service, mailbox, owner } = await startWithCodeOn(t)
    const browser = service.browser()
    await enterCode(browser, await enterPassword({ mailbox }, browser), { trust: true })
    await forget(owner, mailbox)
    await browser.post('/logout')
    const tried = what === 'a new password' ? password.toUpperCase() : password
    t.equal((await browser.post('/login', { username: 'Ada', password: tried })).location, '/login/code')
  })

t.test('a password that is reset after the right one was entered leaves no way in', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser, query)
  await service.database.query('update accounts set password_version = password_version + 1')
  const page = await enterCode(browser, code, { query })
  t.equal(page.location, `/login${query}`)
  t.match((await browser.get(`/login${query}`)).body, 'or something was changed meanwhile')
  t.equal(await isSignedIn(browser), false)
})

t.test('an account that is removed after the right password leaves no way in', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await service.database.query('delete from accounts')
  t.equal((await enterCode(browser, code)).location, '/login')
  t.equal((await browser.post('/login/code/send')).location, '/login')
})

t.test('after a password was reset by mail the code is asked for as always', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t)
  const browser = service.browser()
  await browser.post('/recover', { username: 'Ada' })
  await browser.post('/recover/email/send', { username: 'Ada' })
  const proof = codeIn(await mailbox.letterTo(email))
  await browser.post('/recover/email', { username: 'Ada', proof })
  await browser.post('/recover/reset', { password: newPassword, confirmPassword: newPassword })
  await mailbox.letterTo(email)
  const login = await browser.post('/login', { username: 'Ada', password: newPassword })
  t.equal(login.location, '/login/code')
  t.equal((await enterCode(browser, codeIn(await mailbox.letterTo(email)))).status, 303)
})

t.test('an address that is removed takes the code with it, and the page says so before', async (t) => {
  const { service, owner, mailbox } = await startWithCodeOn(t)
  await proveByCode({ mailbox }, owner)
  t.match(
    (await owner.get('/profile/email/remove')).body,
    'If a mailed code is asked for when you sign in, it no longer is.',
  )
  await owner.post('/profile/email/remove')
  t.equal((await service.browser().post('/login', { username: 'Ada', password })).location, '/dashboard')
  t.match((await owner.get('/profile/sign-in-code')).body, 'no code is asked for until you')
})

t.test('an address that is removed between password and code is asked for nothing', async (t) => {
  const { service, mailbox, owner } = await startWithCodeOn(t)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  await proveByCode({ mailbox }, owner)
  await owner.post('/profile/email/remove')
  t.equal((await enterCode(browser, code)).location, '/login')
  t.equal(await isSignedIn(browser), false)
})
