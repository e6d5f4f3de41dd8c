import t, { type Test } from 'tap'
import { readPasskey, savePasskey } from './save-passkey.js'
import { TestBrowser, type Page } from './test-browser.js'
import { startTestService } from './test-service.js'

const password = 'correct horse battery'
const app = 'https://app.example.com'
const ada = { username: 'Ada', password, confirmPassword: password }
const profilePrompt = 'Would you like to update your profile now?'

async function register(t: Test, settings: Record<string, string> = {}, query = '') {
  const service = await startTestService(t, { ALLOWED_REDIRECT_ORIGINS: app, ...settings })
  const browser = service.browser()
  const registered = await browser.post(`/register${query}`, ada)
  return { service, browser, registered }
}

const waiting = 'Your recovery passkey is waiting'
const asks = ({ status, body }: Page) =>
  status === 200 && body.includes(waiting) && body.includes('name="currentPassword"')
const opens = (browser: TestBrowser, currentPassword = password, query = ''): Promise<Page> =>
  browser.post(`/recovery-passkey/open${query}`, { currentPassword })

/** Another browser that holds only what a sibling app sees of this one. */
function steal(browser: TestBrowser): TestBrowser {
  const thief = new TestBrowser(browser.origin)
  thief.cookies.set('latchkey_session', browser.cookies.get('latchkey_session') ?? '')
  return thief
}

async function signIn(browser: TestBrowser): Promise<TestBrowser> {
  await browser.post('/login', { username: 'Ada', password })
  return browser
}

t.test('a passkey is made for whoever is shown it, not for a look at the headers', async (t) => {
  const { service, browser } = await register(t)
  t.equal((await browser.send('/recovery-passkey', { method: 'HEAD' })).status, 405)
  t.equal((await service.database.query('select from recovery_passkeys')).rowCount, 0)
  t.equal((await browser.get('/recovery-passkey')).status, 200)
})

t.test('who registers is shown a passkey before the dashboard, then asked for their profile', async (t) => {
  const { service, browser, registered } = await register(t)
  t.equal(registered.location, '/dashboard')
  const detour = await browser.get('/dashboard')
  t.equal(detour.status, 303)
  t.equal(detour.location, '/recovery-passkey?redirectUrl=%2Fdashboard')

  const page = await browser.get(detour.location ?? '')
  t.equal(page.status, 200)
  t.equal(page.headers.get('cache-control'), 'no-store')
  const { passkey, mark } = readPasskey(page)
  t.match(passkey, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
  t.match(page.body, '<strong>Ada</strong>')
  t.notMatch(page.body, 'It is a new one')
  t.equal(readPasskey(await browser.get('/recovery-passkey')).passkey, passkey, 'reload shows the same')

  const saved = await browser.post(detour.location ?? '', { mark })
  t.equal(saved.status, 303)
  t.equal(saved.location, '/recovery-passkey/saved?redirectUrl=%2Fdashboard')
  const prompt = await browser.get(saved.location ?? '')
  t.match(prompt.body, profilePrompt)
  t.match(prompt.body, 'href="/profile/edit"')
  t.match(prompt.body, 'href="/dashboard"')
  t.equal((await browser.get('/dashboard')).status, 200)
  const over = await browser.get('/recovery-passkey')
  t.equal(over.location, '/dashboard', 'shown no more')
  t.notMatch(JSON.stringify(service.logged()), passkey, 'and written in no log')
})

t.test('with a redirectUrl the app comes first, and the passkey at the first own page', async (t) => {
  const { browser, registered } = await register(t, {}, `?redirectUrl=${encodeURIComponent(`${app}/inbox`)}`)
  t.equal(registered.location, `${app}/inbox`)
  t.match((await browser.get('/dashboard')).location, /^\/recovery-passkey/)
  await savePasskey(browser)
  t.equal((await browser.get('/dashboard')).status, 200)
})

t.test('SHOW_RECOVERY_PASSKEY_BEFORE_REDIRECT puts it before the app, until it is saved', async (t) => {
  const settings = { SHOW_RECOVERY_PASSKEY_BEFORE_REDIRECT: 'true' }
  const query = `?redirectUrl=${encodeURIComponent(`${app}/inbox`)}`
  const { service, browser, registered } = await register(t, settings, query)
  const detour = `/recovery-passkey${query}`
  t.equal(registered.location, detour)

  const other = service.browser()
  const signedIn = await other.post(`/login${query}`, { username: 'Ada', password })
  t.equal(signedIn.location, detour, 'also at the next sign-in, as it was not saved')
  await savePasskey(other)

  const { mark } = readPasskey(await browser.get(detour))
  t.equal(mark, '')
  t.equal((await browser.get(detour)).location, `${app}/inbox`)
  const last = await service.browser().post(`/login${query}`, { username: 'Ada', password })
  t.equal(last.location, `${app}/inbox`)
})

t.test('whoever saved it in time is asked for the profile, and led on to the app', async (t) => {
  const settings = { SHOW_RECOVERY_PASSKEY_BEFORE_REDIRECT: 'true' }
  const query = `?redirectUrl=${encodeURIComponent(`${app}/inbox`)}`
  const { browser, registered } = await register(t, settings, query)
  const { mark } = readPasskey(await browser.get(registered.location ?? ''))
  const saved = await browser.post(registered.location ?? '', { mark })
  t.equal(saved.location, `/recovery-passkey/saved${query}`)
  t.match((await browser.get(saved.location ?? '')).body, `href="${app}/inbox"`)
})

t.test('another session is shown a new one; the first is told why its own does not count', async (t) => {
  const { service, browser: first } = await register(t)
  const { passkey, mark } = readPasskey(await first.get('/recovery-passkey'))
  const second = await signIn(service.browser())
  const newerPage = await second.get('/recovery-passkey')
  t.match(newerPage.body, 'It is a new one')
  const newer = readPasskey(newerPage)
  t.not(newer.passkey, passkey)

  const refused = await first.post('/recovery-passkey?redirectUrl=%2Fprofile', { mark })
  t.equal(refused.status, 409)
  t.match(refused.body, 'This is a newer recovery passkey')
  const newest = readPasskey(refused)
  t.notSame([passkey, newer.passkey].includes(newest.passkey), true)

  t.equal((await second.post('/recovery-passkey', { mark: newer.mark })).status, 409)
  const last = readPasskey(await second.get('/recovery-passkey'))
  t.equal((await second.post('/recovery-passkey', { mark: last.mark })).status, 303)
  const outdated = await first.post('/recovery-passkey?redirectUrl=%2Fprofile', { mark: newest.mark })
  t.equal(outdated.status, 409)
  t.match(outdated.body, 'This recovery passkey no longer works')
  t.match(outdated.body, 'href="/profile"')
})

t.test('a form that names no passkey saves none', async (t) => {
  const { browser } = await register(t)
  await browser.get('/recovery-passkey')
  const forms: [string, string][][] = [
    [],
    [['mark', '']],
    [['mark', 'x']],
    [
      ['mark', 'a'],
      ['mark', 'b'],
    ],
  ]
  for (const form of forms) t.equal((await browser.post('/recovery-passkey', form)).status, 409)
  t.equal((await browser.get('/dashboard')).status, 303)
})

t.test('"I have saved it" pressed twice at once leads on both times', async (t) => {
  const { browser } = await register(t)
  const { mark } = readPasskey(await browser.get('/recovery-passkey'))
  const pages = await Promise.all([1, 2, 3].map(() => browser.post('/recovery-passkey', { mark })))
  t.strictSame(pages.map(({ location }) => location).toSorted(), [
    '/dashboard',
    '/dashboard',
    '/recovery-passkey/saved',
  ])
})

t.test('a session cookie alone shows no passkey, and ends none', async (t) => {
  const { service, browser } = await register(t)
  const thief = steal(browser)
  const page = await thief.get('/recovery-passkey')
  t.ok(asks(page))
  t.equal(page.headers.get('cache-control'), 'no-store')
  t.strictSame(readPasskey(page), { passkey: '', mark: '' })
  const { rows } = await service.database.query('select from recovery_passkeys')
  t.equal(rows.length, 0, 'nor is one made')

  const { passkey } = readPasskey(await browser.get('/recovery-passkey'))
  t.match(passkey, '-', 'its owner sees it, being fresh and known')
  t.ok(asks(await thief.get('/recovery-passkey')))
  const refused = await thief.post('/recovery-passkey?redirectUrl=%2Fprofile', { mark: 'x' })
  t.equal(refused.location, '/recovery-passkey?redirectUrl=%2Fprofile', 'nor does saying it is saved')
  t.equal(readPasskey(refused).passkey, '')
  t.equal((await opens(thief, 'wrong')).status, 401)
  t.equal((await opens(thief, '')).status, 400)
  t.equal(readPasskey(await browser.get('/recovery-passkey')).passkey, passkey, 'the same as before')
})

t.test('a browser that is known only to another account is asked', async (t) => {
  const { service, browser } = await register(t)
  const thief = service.browser()
  await thief.post('/register', { ...ada, username: 'Eve' })
  thief.cookies.set('latchkey_session', browser.cookies.get('latchkey_session') ?? '')
  t.ok(asks(await thief.get('/recovery-passkey')))
})

t.test('eleven minutes after signing in the password is asked for, and leads on', async (t) => {
  const { service, browser } = await register(t)
  const { mark: early } = readPasskey(await browser.get('/recovery-passkey'))
  t.ok(early)
  service.passSeconds(660)
  const detour = await browser.get('/profile')
  const query = '?redirectUrl=%2Fprofile'
  t.equal(detour.location, `/recovery-passkey${query}`)
  const page = await browser.get(detour.location ?? '')
  t.ok(asks(page))
  t.equal(readPasskey(page).passkey, '')
  t.match(page.body, `action="/recovery-passkey/open${query}"`)

  const wrong = await opens(browser, 'wrong', query)
  t.equal(wrong.status, 401)
  t.match(wrong.body, 'This password is not right')
  t.match(wrong.body, `action="/recovery-passkey/open${query}"`)
  t.equal(readPasskey(wrong).passkey, '')
  t.ok(asks(await browser.get(`/recovery-passkey${query}`)), 'still')

  const thief = steal(browser)
  const opened = await opens(browser, password, query)
  t.equal(opened.status, 303)
  t.equal(opened.location, `/recovery-passkey${query}`)
  t.match((await thief.get('/recovery-passkey')).location, /^\/login/, 'a token stolen before is dead')
  const { passkey, mark } = readPasskey(await browser.get(opened.location ?? ''))
  t.match(passkey, '-')
  t.ok(asks(await steal(browser).get('/recovery-passkey')), 'a token stolen after shows nothing')
  const saved = await browser.post(`/recovery-passkey${query}`, { mark })
  t.equal(saved.location, `/recovery-passkey/saved${query}`)
  t.equal(
    (await browser.get(`/recovery-passkey${query}`)).location,
    '/profile',
    'nobody is asked for one saved',
  )
})

t.test('SUDO_VALIDITY_SECONDS says how long it is shown unasked, and ten minutes at least', async (t) => {
  for (const [setting, seconds] of [
    ['0', 600],
    ['1200', 1200],
  ] as const) {
    const { service, browser } = await register(t, { SUDO_VALIDITY_SECONDS: setting })
    service.passSeconds(seconds - 10)
    t.match(readPasskey(await browser.get('/recovery-passkey')).passkey, '-')
    service.passSeconds(11)
    t.ok(asks(await browser.get('/recovery-passkey')), setting)
    t.equal((await opens(browser)).status, 303)
    t.match(readPasskey(await browser.get('/recovery-passkey')).passkey, '-', 'asked once, not for ever')
  }
})

t.test('guesses at the password of a waiting passkey are held up', async (t) => {
  const { browser } = await register(t)
  browser.cookies.delete('latchkey_device')
  for (let failures = 1; failures < 5; failures++) t.equal((await opens(browser, 'wrong')).status, 401)
  const fifth = await opens(browser, 'wrong')
  t.equal(fifth.status, 429)
  t.equal(fifth.headers.get('retry-after'), '900')
  t.match(fifth.body, 'name="currentPassword"', 'with the form')
  t.equal((await opens(browser)).status, 429)
})

t.test('before an app it is shown right after signing in, and asked for later', async (t) => {
  const settings = { SHOW_RECOVERY_PASSKEY_BEFORE_REDIRECT: 'true' }
  const query = `?redirectUrl=${encodeURIComponent(`${app}/inbox`)}`
  const { service, browser, registered } = await register(t, settings, query)
  t.match(readPasskey(await browser.get(registered.location ?? '')).passkey, '-')
  const other = service.browser()
  const signedIn = await other.post(`/login${query}`, { username: 'Ada', password })
  t.match(readPasskey(await other.get(signedIn.location ?? '')).passkey, '-')
  service.passSeconds(660)
  t.ok(asks(await other.get(signedIn.location ?? '')))
  t.equal((await opens(other, password, query)).location, signedIn.location)
  const { mark } = readPasskey(await other.get(signedIn.location ?? ''))
  const saved = await other.post(signedIn.location ?? '', { mark })
  t.match((await other.get(saved.location ?? '')).body, `href="${app}/inbox"`)
})

t.test('without a session all of its pages lead to the login page, and back', async (t) => {
  const service = await startTestService(t)
  for (const path of ['/recovery-passkey', '/recovery-passkey/saved', '/profile/recovery-passkey']) {
    const page = await service.browser().get(path)
    t.equal(page.location, `/login?redirectUrl=${encodeURIComponent(path)}`)
  }
  const page = await service.browser().post('/recovery-passkey?redirectUrl=%2Fprofile', { mark: 'x' })
  t.equal(page.location, '/login?redirectUrl=%2Frecovery-passkey%3FredirectUrl%3D%252Fprofile')
  const opened = await opens(service.browser(), password, '?redirectUrl=%2Fprofile')
  t.equal(opened.location, page.location)
  const address = await service.browser().get('/recovery-passkey/open?redirectUrl=%2Fprofile')
  t.equal(address.location, page.location, 'also the address of the form by itself')
})

t.test('nobody is sent on to an address that is not allowed', async (t) => {
  const { browser } = await register(t)
  const { mark } = readPasskey(await browser.get('/recovery-passkey'))
  const query = '?redirectUrl=https%3A%2F%2Fevil.example'
  for (const page of [
    await browser.get(`/recovery-passkey${query}`),
    await browser.post(`/recovery-passkey${query}`, { mark }),
    await opens(browser, password, query),
    await browser.get(`/recovery-passkey/saved${query}`),
  ]) {
    t.equal(page.status, 400)
    t.match(page.body, 'We cannot send you there')
  }
})

t.test('regenerating asks for the password, shows a new passkey and ends the old one', async (t) => {
  const { service, browser } = await register(t)
  const old = await savePasskey(browser)
  const form = await browser.get('/profile/recovery-passkey')
  t.match(form.body, 'name="currentPassword"')
  const made = await browser.post('/profile/recovery-passkey', { currentPassword: password })
  t.equal(made.status, 303)
  t.equal(made.location, '/recovery-passkey?redirectUrl=%2Fprofile%3Fnotice%3DrecoveryPasskeySaved')
  const page = await browser.get(made.location ?? '')
  t.match(page.body, 'It is a new one')
  const { passkey, mark } = readPasskey(page)
  t.not(passkey, old)
  t.equal(
    (await browser.get('/profile/recovery-passkey')).location,
    '/recovery-passkey?redirectUrl=%2Fprofile',
  )
  const saved = await browser.post(made.location ?? '', { mark })
  t.equal(saved.location, '/profile?notice=recoveryPasskeySaved', 'nobody is asked for the profile again')
  const { rows } = await service.database.query(
    `select kind from security_events where kind = 'recoveryPasskeyCreated'`,
  )
  t.equal(rows.length, 2)
})

t.test('of parallel "I have saved it" and regenerating nothing is left half done', async (t) => {
  const { browser } = await register(t)
  await savePasskey(browser)
  await browser.post('/profile/recovery-passkey', { currentPassword: password })
  for (let round = 0; round < 5; round++) {
    const { passkey, mark } = readPasskey(await browser.get('/recovery-passkey'))
    const [saved, made] = await Promise.all([
      browser.post('/recovery-passkey', { mark }),
      browser.post('/profile/recovery-passkey'),
    ])
    t.match(String(saved.status), /303|409/)
    t.equal(made.status, 303)
    const fresh = readPasskey(await browser.get('/recovery-passkey'))
    t.ok(fresh.passkey)
    t.not(fresh.passkey, passkey)
  }
})

t.test('where RECOVERY_METHODS leaves passkeys out there are none', async (t) => {
  const { browser } = await register(t, { RECOVERY_METHODS: 'email, questions' })
  t.equal((await browser.get('/dashboard')).status, 200)
  for (const path of ['/recovery-passkey', '/recovery-passkey/saved', '/profile/recovery-passkey'])
    t.equal((await browser.get(path)).status, 404)
})

t.test('the database going away leaves the passkey that was shown', async (t) => {
  const { service, browser } = await register(t)
  const { passkey, mark } = readPasskey(await browser.get('/recovery-passkey'))
  await service.database.query('alter table security_events rename to lost')
  await browser.post('/login', { username: 'Ada', password })
  t.equal((await browser.get('/recovery-passkey')).status, 503)
  await service.database.query('alter table lost rename to security_events')
  t.ok(passkey)
  t.equal((await browser.post('/recovery-passkey', { mark })).status, 303)
})

t.test('a stolen database opens no passkey', async (t) => {
  const { service, browser } = await register(t)
  const { passkey } = readPasskey(await browser.get('/recovery-passkey'))
  const { rows } = await service.database.query<{ everything: string }>(
    'select query_to_xml($1, true, true, $2)::text as everything',
    ['select * from recovery_passkeys, sessions, accounts, security_events', ''],
  )
  t.match(rows[0]?.everything, /sealed/)
  for (const group of passkey.split('-')) t.notMatch(rows[0]?.everything, new RegExp(`\\b${group}\\b`))
  const { rows: boxes } = await service.database.query<{ sealed: Buffer }>(
    'select sealed from recovery_passkeys',
  )
  t.notOk(boxes[0]?.sealed.includes(passkey.slice(0, 9)))
})
