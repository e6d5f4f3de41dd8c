import t from 'tap'
import { until } from '../database/until.js'
import { startTestService } from '../flows/test-service.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { app, arriveAs, comeBackAs, isSignedIn, password, startWithProvider } from './openid-scene.js'
import { signInThere } from './real-provider.js'

const onward = `${app}/start?a=b`
const query = `?redirectUrl=${encodeURIComponent(onward)}`
const usernamePath = '/login/openid/username'

t.test('somebody new chooses a username once, and goes on to the app; later a click is enough', async (t) => {
  const scene = await startWithProvider(t)
  const browser = scene.service.browser()
  for (const page of ['login', 'register']) {
    const { body } = await browser.get(`/${page}${query}`)
    t.match(body, `<a class="button" href="/login/openid${query}">Continue with Example ID</a>`)
  }

  const arrival = await comeBackAs(scene, browser, 'ada', { path: `/login/openid${query}` })
  t.equal(arrival.status, 303)
  t.equal(arrival.location, `${usernamePath}${query}`)
  t.equal(await isSignedIn(browser), false)
  const form = await browser.get(arrival.location ?? '')
  t.match(form.body, /name="username"[^>]* value="ada"/)
  t.match(form.body, /name="email"[^>]* value="ada@mail.example"/)
  const made = await browser.post(arrival.location ?? '', { username: 'Ada', email: 'ada@mail.example' })
  t.equal(made.location, onward)
  const session = JSON.parse((await browser.get('/api/session')).body) as Record<string, unknown>
  t.equal(session['username'], 'Ada')
  t.equal(session['email'], null, 'the word of another service confirms no address')
  t.ok(browser.cookies.get('latchkey_device'), 'the browser is a known one')

  const later = scene.service.browser()
  t.equal((await comeBackAs(scene, later, 'ada', { path: `/login/openid${query}` })).location, onward)
  t.equal(await isSignedIn(later), true)
  await until(async () => {
    const { rows } = await scene.service.database.query<{ kind: string }>(
      'select kind from security_events order by id',
    )
    return rows.map(({ kind }) => kind).join() === 'registered,signedIn,signedIn'
  })
})

t.test('a newcomer sees as whom they come, whatever they type', async (t) => {
  const scene = await startWithProvider(t)
  const browser = scene.service.browser()
  const { location } = await comeBackAs(scene, browser, "o'neil")
  const told = 'You are signed in at Example ID as <strong>o&#39;neil@mail.example</strong>.'
  t.match((await browser.get(location ?? '')).body, told)
  const wish = { username: '', email: 'other@mail.example' }
  t.match((await browser.post(location ?? '', wish)).body, told)
})

t.test('where it is not configured there is nothing of it', async (t) => {
  const browser = (await startTestService(t)).browser()
  for (const path of ['/login', '/register']) t.notMatch((await browser.get(path)).body, 'Continue with')
  for (const path of ['/login/openid', '/login/openid/callback', usernamePath, '/profile/confirm/openid'])
    t.equal((await browser.get(path)).status, 404, path)
  t.equal((await browser.post('/api/login/firebase')).status, 404)
})

t.test('what is wrong with the chosen name is said, and nothing that was typed is lost', async (t) => {
  const scene = await startWithProvider(t)
  await scene.service.browser().post('/register', {
    username: 'Grace',
    password,
    confirmPassword: password,
    email: 'grace@mail.example',
  })
  const browser = scene.service.browser()
  const { location } = await comeBackAs(scene, browser, 'grace', { path: `/login/openid${query}` })
  const form = await browser.get(location ?? '')
  t.match(form.body, /name="username"[^>]* value=""/, 'a name that is taken is not suggested')

  const cases = [
    [{ username: '', email: 'x@y.example' }, 400, 'Choose a username.'],
    [{ username: 'a b', email: 'x@y.example' }, 400, 'A username has no spaces.'],
    [{ username: 'gra.ce', email: 'nonsense' }, 400, 'This is not an e-mail address.'],
    [{ username: 'GRACE', email: 'x@y.example' }, 409, 'This username is taken'],
    [{ username: 'gra.ce', email: 'grace@mail.example' }, 409, 'This e-mail address is taken'],
  ] as const
  for (const [fields, status, words] of cases) {
    const page = await browser.post(location ?? '', fields)
    t.equal(page.status, status, words)
    t.match(page.body, words)
    for (const [name, value] of Object.entries(fields))
      t.match(page.body, new RegExp(`name="${name}"[^>]* value="${value}"`))
  }
  t.equal(await isSignedIn(browser), false)
  t.equal((await browser.post(location ?? '', { username: 'gra.ce', email: '' })).location, onward)
})

t.test('an identity is never taken for an account by its e-mail address', async (t) => {
  const scene = await startWithProvider(t)
  const { service } = scene
  const owner = service.browser()
  const email = 'ada@mail.example'
  await owner.post('/register', { username: 'Ada', password, confirmPassword: password, email })
  await service.database.query('update accounts set email_confirmed_at = now()')
  const stranger = await arriveAs(scene, 'somebody', 'ada')
  const session = JSON.parse((await stranger.get('/api/session')).body) as Record<string, unknown>
  t.equal(session['username'], 'somebody')
  t.equal(session['email'], null)
})

t.test('each of two tabs comes back to where it was going', async (t) => {
  const scene = await startWithProvider(t)
  await arriveAs(scene, 'ada')
  const browser = scene.service.browser()
  const there = scene.provider.browser()
  const [one, two] = [`${app}/one`, `${app}/two`]
  const outOne = await browser.get(`/login/openid?redirectUrl=${encodeURIComponent(one)}`)
  const outTwo = await browser.get(`/login/openid?redirectUrl=${encodeURIComponent(two)}`)
  const backTwo = await signInThere(there, outTwo.location, 'ada')
  t.equal((await browser.get(backTwo)).location, two)
  t.equal((await browser.get(await signInThere(there, outOne.location, 'ada'))).location, one)
  t.equal((await browser.get(backTwo)).location, two, 'and an address that is loaded anew leads on')
})

t.test('a node can send a browser there, and another take it back', async (t) => {
  const scene = await startWithProvider(t)
  const { origin } = scene.service
  const other = await startTestService(
    t,
    { ...scene.provider.settings, PUBLIC_URL: origin, ALLOWED_REDIRECT_ORIGINS: app },
    scene.service,
  )
  const browser = scene.service.browser()
  const out = await browser.get(`/login/openid${query}`)
  const back = new URL(await signInThere(scene.provider.browser(), out.location, 'ada'))
  const elsewhere = other.browser()
  for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
  t.equal((await elsewhere.get(back.pathname + back.search)).location, `${usernamePath}${query}`)
})

t.test('sixteen forms at once make one account, and sign its owner in', async (t) => {
  const scene = await startWithProvider(t)
  const browser = scene.service.browser()
  await comeBackAs(scene, browser, 'ada')
  const names = Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? 'ada' : `ada.${index}`))
  const pages = await Promise.all(names.map((username) => browser.post(usernamePath, { username })))
  t.strictSame(new Set(pages.map(({ location }) => location)), new Set(['/dashboard']))
  const count = async (table: string) => (await scene.service.database.query(`select from ${table}`)).rowCount
  t.equal(await count('accounts'), 1)
  t.equal(await count('linked_identities'), 1)
  t.equal(await count('taken_usernames'), 1)
  t.equal(await isSignedIn(browser), true)
})

t.test('of sixteen browsers that are the same newcomer, all are one account', async (t) => {
  const scene = await startWithProvider(t)
  const browsers = Array.from({ length: 16 }, () => scene.service.browser())
  for (const browser of browsers) await comeBackAs(scene, browser, 'ada')
  await Promise.all(
    browsers.map((browser, index) => browser.post(usernamePath, { username: `ada.${index}` })),
  )
  const names = await Promise.all(
    browsers.map(
      async (browser) => (await browser.get('/api/session')).body.match(/"username":"[^"]*"/)?.[0],
    ),
  )
  t.equal(new Set(names).size, 1)
  t.equal((await scene.service.database.query('select from accounts')).rowCount, 1)
})

t.test('a newcomer has a quarter of an hour, in the browser that came back', async (t) => {
  const scene = await startWithProvider(t)
  const browser = scene.service.browser()
  await comeBackAs(scene, browser, 'ada', { path: `/login/openid${query}` })
  const stranger = scene.service.browser()
  for (const token of ['', 'x', 'A'.repeat(43)]) {
    stranger.cookies.set('latchkey_newcomer', token)
    const page = await stranger.get(`${usernamePath}${query}`)
    t.equal(page.location, token.length < 43 ? `/login${query}` : null)
    t.notMatch(page.body, 'name="username"')
    const form = await stranger.post(`${usernamePath}${query}`, { username: 'eve' })
    t.equal(form.status, page.status)
  }
  scene.service.passSeconds(901)
  const late = await browser.get(`${usernamePath}${query}`)
  t.equal(late.status, 400)
  t.match(late.body, 'Please start again')
  t.match(late.body, `href="/login/openid${query}"`)
  t.equal((await browser.post(usernamePath, { username: 'ada' })).status, 400)
  t.equal((await scene.service.database.query('select from accounts')).rowCount, 0)
})

t.test('who has chosen a name and goes back is led on', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  t.equal((await browser.get(`${usernamePath}${query}`)).location, onward)
  t.equal((await browser.post(usernamePath, { username: 'other' })).location, '/dashboard')
  t.equal((await scene.service.database.query('select from accounts')).rowCount, 1)
})

t.test('the code at sign-in is asked for as after a password', async (t) => {
  const mailbox = await openMailbox(t)
  const scene = await startWithProvider(t, { EMAIL_OTP: 'required', SMTP_URL: mailbox.url })
  const browser = scene.service.browser()
  await comeBackAs(scene, browser, 'ada', { path: `/login/openid${query}` })
  t.notMatch((await browser.get(usernamePath)).body, 'optional', 'the address is needed for it')
  const email = 'ada@mail.example'
  const made = await browser.post(`${usernamePath}${query}`, { username: 'Ada', email })
  t.equal(made.location, `/login/code${query}`)
  t.equal(await isSignedIn(browser), false)
  const code = codeIn(await mailbox.letterTo(email))
  t.equal((await browser.post(`/login/code${query}`, { username: 'Ada', code })).location, onward)

  const later = scene.service.browser()
  t.equal((await comeBackAs(scene, later, 'ada')).location, '/login/code')
  t.equal(await isSignedIn(later), false)
  scene.service.passSeconds(61)
  const expired = await later.get('/login/code')
  t.match(expired.body, 'You need not begin again.')
  t.notMatch(expired.body, 'password', 'none was entered')
})

t.test('a lock by wrong passwords does not keep out who guesses nothing', async (t) => {
  const scene = await startWithProvider(t, { FAILED_ATTEMPTS_PER_ADDRESS: '1000' })
  await arriveAs(scene, 'ada')
  const guesser = scene.service.browser()
  for (let tries = 0; tries < 5; tries++) await guesser.post('/login', { username: 'ada', password: 'wrong' })
  t.equal((await guesser.post('/login', { username: 'ada', password: 'wrong' })).status, 429)
  const browser = scene.service.browser()
  t.equal((await comeBackAs(scene, browser, 'ada')).location, '/dashboard')
})

t.test('what is over is swept', async (t) => {
  const scene = await startWithProvider(t, { SESSION_SWEEP_INTERVAL_SECONDS: '1' })
  await comeBackAs(scene, scene.service.browser(), 'ada')
  const count = async () =>
    (await scene.service.database.query('select 1 from newcomers union all select 2 from used_once')).rowCount
  t.equal(await count(), 2)
  scene.service.passSeconds(901)
  await until(async () => (await count()) === 0)
})

t.test('setting out writes nothing down', async (t) => {
  const scene = await startWithProvider(t)
  for (let times = 0; times < 5; times++)
    t.equal((await scene.service.browser().get(`/login/openid${query}`)).status, 303)
  const { rowCount } = await scene.service.database.query(
    'select 1 from newcomers union all select 2 from used_once',
  )
  t.equal(rowCount, 0)
})
