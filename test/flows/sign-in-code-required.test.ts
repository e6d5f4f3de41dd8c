import t, { type Test } from 'tap'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { password } from './recovery-scene.js'
import { enterCode, isSignedIn, startWithCodes } from './sign-in-code-scene.js'
import { startTestService, type TestService } from './test-service.js'

const required = { EMAIL_OTP: 'required' }
const apps = { ALLOWED_REDIRECT_ORIGINS: 'https://app.example.com' }
const query = `?redirectUrl=${encodeURIComponent('https://app.example.com/inbox')}`

const register = async (service: TestService, email = '', username = 'Bert') => {
  const browser = service.browser()
  const form = { username, password, confirmPassword: password, email }
  return { browser, page: await browser.post(`/register${query}`, form) }
}

async function start(t: Test, settings: Record<string, string> = {}) {
  const mailbox = await openMailbox(t)
  const service = await startTestService(t, {
    ...apps,
    SMTP_URL: mailbox.url,
    ...required,
    ...settings,
  })
  return { mailbox, service }
}

const emailOf = async (service: TestService, username: string) => {
  const { rows } = await service.database.query<{ email: string | null; confirmed: boolean }>(
    'select email, email_confirmed_at is not null as confirmed from accounts where username = $1',
    [username],
  )
  return rows[0]
}

t.test('who registers with an address gets the session by the code that was mailed there', async (t) => {
  const { mailbox, service } = await start(t)
  t.match((await service.browser().get('/register')).body, />E-mail address<[^]*codes that you sign in with/)
  const { browser, page } = await register(service, 'bert@example.com')
  t.equal(page.location, `/login/code${query}`)
  t.equal(await isSignedIn(browser), false)
  t.notOk(browser.cookies.has('latchkey_device'))
  const letter = await mailbox.letterTo('bert@example.com')
  t.match(letter.text, 'confirms this e-mail address')
  t.notMatch(
    letter.text,
    'Bert',
    'nobody has confirmed the address: no stranger chooses words that are read there',
  )
  t.match((await browser.get(`/login/code${query}`)).body, 'bert@example.com')
  const done = await browser.post(`/login/code${query}`, { username: 'Bert', code: codeIn(letter) })
  t.equal(done.location, 'https://app.example.com/inbox')
  t.same(await emailOf(service, 'Bert'), { email: 'bert@example.com', confirmed: true })
  t.equal(JSON.parse((await browser.get('/api/session')).body).email, 'bert@example.com')
})

t.test('who has no address gives one, between the password and the session', async (t) => {
  const { mailbox, service } = await start(t)
  const { browser, page } = await register(service)
  t.equal(page.location, `/login/email${query}`)
  t.equal((await browser.get(`/login/code${query}`)).location, `/login/email${query}`)
  t.equal((await browser.post(`/login/code/send${query}`)).location, `/login/email${query}`)
  t.match((await browser.get(`/login/email${query}`)).body, 'Where shall it go?')
  const wrong = await browser.post(`/login/email${query}`, { username: 'Bert', email: 'bert at home' })
  t.equal(wrong.status, 400)
  t.match(wrong.body, 'value="bert at home"')

  const typo = { username: 'Bert', email: 'brt@example.com' }
  t.equal((await browser.post(`/login/email${query}`, typo)).location, `/login/code${query}`)
  const stray = codeIn(await mailbox.letterTo('brt@example.com'))
  t.match((await browser.get(`/login/code${query}`)).body, `href="/login/email${query}"`)
  await browser.post(`/login/email${query}`, { username: 'Bert', email: 'bert@example.com' })
  const code = codeIn(await mailbox.letterTo('bert@example.com'))
  if (stray !== code) t.equal((await browser.post('/login/code', { code: stray })).status, 401)
  t.equal((await browser.post(`/login/code${query}`, { code })).location, 'https://app.example.com/inbox')
  t.same(await emailOf(service, 'Bert'), { email: 'bert@example.com', confirmed: true })
})

t.test('where no code goes any more, that to the address before counts on', async (t) => {
  const { mailbox, service } = await start(t, { EMAIL_OTPS_PER_HOUR: '1' })
  const { browser } = await register(service)
  await browser.post('/login/email', { username: 'Bert', email: 'bert@example.com' })
  const code = codeIn(await mailbox.letterTo('bert@example.com'))
  await browser.post('/login/email', { username: 'Bert', email: 'other@example.com' })
  const { body } = await browser.get('/login/code')
  t.match(body, 'No further code for now')
  t.match(body, 'bert@example.com')
  t.equal((await browser.post('/login/code', { code })).location, '/dashboard')
  t.same(await emailOf(service, 'Bert'), { email: 'bert@example.com', confirmed: true })
})

t.test('an address that another account has confirmed is refused, or mailed to no one', async (t) => {
  for (const reveal of ['true', 'false']) {
    const { mailbox, service } = await startWithCodes(t, { REVEAL_ACCOUNT_EXISTENCE: reveal })
    const node = await startTestService(
      t,
      { ...required, ...apps, SMTP_URL: mailbox.url, REVEAL_ACCOUNT_EXISTENCE: reveal },
      service,
    )
    const { browser } = await register(node)
    const page = await browser.post('/login/email', { email: 'ada@example.com' })
    t.equal(page.status, reveal === 'true' ? 409 : 303)
    if (reveal === 'true') t.match(page.body, 'This e-mail address is taken')
    else t.match((await browser.get('/login/code')).body, 'A mail with a code was sent')
    t.equal(mailbox.letters.length, 0)
  }
})

t.test('an address that an account gave and never confirmed goes to whom the mail reaches', async (t) => {
  const { mailbox, service } = await start(t)
  await register(service, 'ada@example.com', 'Mallory')
  await mailbox.letterTo('ada@example.com')
  const { browser } = await register(service, '', 'Ada')
  await browser.post('/login/email', { email: 'ada@example.com' })
  const code = codeIn(await mailbox.letterTo('ada@example.com'))
  t.equal((await browser.post('/login/code', { code })).status, 303)
  t.same(await emailOf(service, 'Ada'), { email: 'ada@example.com', confirmed: true })
  t.same(await emailOf(service, 'Mallory'), { email: null, confirmed: false })
})

t.test('an account with a confirmed address cannot have its code go elsewhere', async (t) => {
  const { mailbox, service } = await startWithCodes(t)
  const node = await startTestService(t, { ...required, SMTP_URL: mailbox.url }, service)
  const browser = node.browser()
  await browser.post('/login', { username: 'Ada', password })
  const code = codeIn(await mailbox.letterTo('ada@example.com'))
  t.equal((await browser.get('/login/email')).location, '/login/code')
  t.equal((await browser.post('/login/email', { email: 'evil@example.com' })).location, '/login/code')
  t.equal(mailbox.letters.length, 1)
  t.equal((await enterCode(browser, code)).status, 303)
})

t.test('nobody can turn off what is required', async (t) => {
  const { mailbox, service, owner } = await startWithCodes(t)
  const node = await startTestService(t, { ...required, SMTP_URL: mailbox.url }, service)
  const browser = node.browser()
  for (const [name, value] of owner.cookies) browser.cookies.set(name, value)
  const page = await browser.get('/profile/sign-in-code')
  t.match(page.body, 'This service asks everybody for it.')
  t.notMatch(page.body, 'Turn it')
  t.equal((await browser.post('/profile/sign-in-code/off')).status, 404)
})

t.test('a trusted browser is not spared the address that an account lacks', async (t) => {
  const { mailbox, service } = await startWithCodes(t)
  const node = await startTestService(t, { ...required, SMTP_URL: mailbox.url }, service)
  const browser = node.browser()
  const ada = { username: 'Ada', password }
  await browser.post('/login', ada)
  await enterCode(browser, codeIn(await mailbox.letterTo('ada@example.com')), { trust: true })
  await browser.post('/logout')
  t.equal((await browser.post('/login', ada)).location, '/dashboard')
  await browser.post('/logout')
  await service.database.query('select set_account_email(id, null, null, null) from accounts')
  t.equal((await browser.post('/login', ada)).location, '/login/email')
})

t.test('an address that is removed after the right password is asked for anew', async (t) => {
  const { mailbox, service } = await startWithCodes(t)
  const node = await startTestService(t, { ...required, SMTP_URL: mailbox.url }, service)
  const browser = node.browser()
  await browser.post('/login', { username: 'Ada', password })
  const code = codeIn(await mailbox.letterTo('ada@example.com'))
  await service.database.query('select set_account_email(id, null, null, null) from accounts')
  t.equal((await enterCode(browser, code)).location, '/login/email')
})
