import t from 'tap'
import { savePasskey } from './save-passkey.js'
import type { Page, TestBrowser } from './test-browser.js'
import { until } from '../database/until.js'
import { startTestService, type TestService } from './test-service.js'

const password = 'correct horse battery'
const ada = { username: 'Ada', password, confirmPassword: password, email: 'ada@example.com' }
const https = { PUBLIC_URL: 'https://login.example.com', COOKIE_DOMAIN: 'example.com' }
const http = { PUBLIC_URL: 'http://login.example.com', COOKIE_DOMAIN: 'example.com' }
const sessionLines = ({ headers }: Page) =>
  headers.getSetCookie().filter((line) => /^\S*_session=/.test(line))
const token = (browser: TestBrowser) => [...browser.cookies.values()][0] ?? ''

t.test('with COOKIE_DOMAIN every host of the domain gets the cookie', async (t) => {
  const cases: [settings: Record<string, string>, cookie: RegExp][] = [
    [
      https,
      /^__Secure-latchkey_session=[\w-]{43}; Max-Age=\d+; Domain=example\.com; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    ],
    [http, /^latchkey_session=[\w-]{43}; Max-Age=\d+; Domain=example\.com; Path=\/; HttpOnly; SameSite=Lax$/],
  ]
  for (const [settings, cookie] of cases) {
    const service = await startTestService(t, settings)
    const browser = service.browser()
    t.match((await browser.post('/register', ada)).headers.getSetCookie()[0], cookie)
    await savePasskey(browser)
    t.match((await browser.get('/dashboard')).body, 'Hello, Ada')
    const [erased = ''] = (await browser.post('/logout')).headers.getSetCookie()
    t.match(erased, /Max-Age=0; Domain=example\.com; Path=\//)
    t.equal(
      [...browser.cookies.keys()].find((name) => name.endsWith('_session')),
      undefined,
    )
  }
})

t.test('hosts of the domain may be returned to, on any port', async (t) => {
  const service = await startTestService(t, https)
  const browser = service.browser()
  await browser.post('/register', ada)
  const to = async (address: string) => browser.get(`/login?redirectUrl=${encodeURIComponent(address)}`)
  for (const address of [
    'https://app.example.com/x',
    'https://example.com/',
    'https://a.b.example.com:8443/',
  ]) {
    t.equal((await to(address)).location, address)
  }
  for (const address of [
    'http://app.example.com/',
    'https://evilexample.com/',
    'https://example.com.evil.example/',
  ]) {
    t.equal((await to(address)).status, 400, address)
  }
})

t.test('the cookie from before COOKIE_DOMAIN was set leads into no loop', async (t) => {
  const plain = await startTestService(t, { PUBLIC_URL: http.PUBLIC_URL })
  const shared = await startTestService(t, http, plain)
  const browser = plain.browser()
  await browser.post('/register', ada)
  const stale = token(browser)

  // Over http both have one name: the browser holds a host-only cookie, and gets one for the domain beside it.
  const signedIn = await shared.browser().send('/login', {
    method: 'POST',
    body: new URLSearchParams({ username: 'Ada', password }),
    headers: { cookie: `latchkey_session=${stale}; latchkey_session=${'A'.repeat(43)}` },
  })
  const lines = sessionLines(signedIn)
  t.ok(
    lines.includes('latchkey_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax'),
    'the host-only one is erased',
  )
  t.match(lines.at(-1), /^latchkey_session=[\w-]{43}; Max-Age=\d\d+; Domain=example\.com; Path=\//)

  // And back again: the setting that tells the domain is gone, but the domains above are known.
  const back = await plain.browser().send('/login', {
    method: 'POST',
    body: new URLSearchParams({ username: 'Ada', password }),
    headers: { cookie: `latchkey_session=${stale}; latchkey_session=${'A'.repeat(43)}` },
  })
  t.ok(
    sessionLines(back).includes(
      'latchkey_session=; Max-Age=0; Domain=example.com; Path=/; HttpOnly; SameSite=Lax',
    ),
  )
  t.match(sessionLines(back).at(-1), /^latchkey_session=[\w-]{43}; Max-Age=\d\d+; Path=\//)
})

t.test(
  'over https the cookie of the other setting is not read, and is erased at sign-in and sign-out',
  async (t) => {
    const own = await startTestService(t, { PUBLIC_URL: https.PUBLIC_URL })
    const shared = await startTestService(t, https, own)
    const [hosts, domains] = [own.browser(), shared.browser()]
    await hosts.post('/register', ada)
    await savePasskey(hosts)
    await domains.post('/login', { username: 'Ada', password })
    const cookie = `__Host-latchkey_session=${token(hosts)}; __Secure-latchkey_session=${token(domains)}`
    t.equal((await own.browser().get('/dashboard', { cookie })).status, 200, 'both at once are no trouble')
    t.equal((await shared.browser().get('/dashboard', { cookie })).status, 200)
    t.equal((await own.browser().get('/dashboard', { cookie: cookie.split('; ')[1] ?? '' })).status, 303)
    t.equal((await shared.browser().get('/dashboard', { cookie: cookie.split('; ')[0] ?? '' })).status, 303)
    const post = { method: 'POST', headers: { cookie } }
    const signIn = { ...post, body: new URLSearchParams({ username: 'Ada', password }) }
    for (const send of [signIn, post]) {
      const path = send === signIn ? '/login' : '/logout'
      const toShared = (await shared.browser().send(path, send)).headers.getSetCookie()
      t.ok(
        toShared.includes('__Host-latchkey_session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax'),
        path,
      )
      const toOwn = (await own.browser().send(path, send)).headers.getSetCookie()
      t.ok(
        toOwn.includes(
          '__Secure-latchkey_session=; Max-Age=0; Domain=example.com; Path=/; HttpOnly; Secure; SameSite=Lax',
        ),
        path,
      )
    }
  },
)

t.test('two live session cookies count as none, and signing in clears them away', async (t) => {
  const service = await startTestService(t, https)
  const [victim, attacker] = [service.browser(), service.browser()]
  await victim.post('/register', ada)
  await savePasskey(victim)
  await attacker.post('/register', { ...ada, username: 'Mallory', email: '' })
  const name = '__Secure-latchkey_session'
  for (const pair of [
    [token(attacker), token(victim)],
    [token(victim), token(attacker)],
  ]) {
    const cookie = pair.map((value) => `${name}=${value}`).join('; ')
    t.equal((await service.browser().get('/dashboard', { cookie })).status, 303)
    t.equal(
      (await service.browser().get('/login', { cookie })).status,
      200,
      'the form, not the account of another',
    )
    t.equal((await service.browser().get('/api/session', { cookie })).status, 401)
    const post = await service.browser().send('/login', {
      method: 'POST',
      body: new URLSearchParams({ username: 'Ada', password }),
      headers: { cookie },
    })
    const erased = post.headers.getSetCookie().filter((line) => line.startsWith(`${name}=;`))
    t.ok(erased.some((line) => line.includes('Domain=example.com; Path=/login;')))
    t.ok(erased.some((line) => line.includes('Domain=login.example.com; Path=/;')))
    t.notOk(
      erased.some((line) => line.includes('Domain=example.com; Path=/;')),
      'but not the new one',
    )
  }
  for (const cookie of [
    `${name}=${token(victim)}; ${name}=${token(victim)}`,
    `${name}=nonsense; ${name}=${token(victim)}`,
    `x${name}=${token(attacker)}; y=${name}=${token(attacker)};${name}=${token(victim)}; ${name}x=${token(attacker)}`,
  ]) {
    t.equal(
      (await service.browser().get('/dashboard', { cookie })).status,
      200,
      'what is no other session is no rival',
    )
  }
})

t.test('a dead session cookie that an app put in the way keeps nobody out', async (t) => {
  const service = await startTestService(t, { ...https, TRUSTED_PROXIES: '127.0.0.1' })
  const victim = service.browser()
  await victim.post('/register', ada)
  await savePasskey(victim)
  const [before, after] = ['A', 'B'].map((letter) => letter.repeat(43))
  const pairs = [before, token(victim), after].map((value) => `__Secure-latchkey_session=${value}`)
  const cookie = pairs.join('; ')
  t.equal((await service.browser().get('/dashboard', { cookie })).status, 200)
  t.equal((await service.browser().get('/login', { cookie })).status, 303)
  t.equal((await service.browser().get('/api/session', { cookie })).status, 200)
  const asked = await service.browser().get('/api/authz/forward-auth', {
    cookie,
    'x-forwarded-method': 'GET',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'app.example.com',
    'x-forwarded-uri': '/',
  })
  t.equal(asked.status, 200)
  await service.browser().send('/logout', { method: 'POST', headers: { cookie } })
  t.equal((await victim.get('/dashboard')).status, 303, 'signing out ends the live one')
})

t.test('signing out ends the session for all apps and all nodes', async (t) => {
  const settings = { ...https, TRUSTED_PROXIES: '127.0.0.1' }
  const here = await startTestService(t, settings)
  const there = await startTestService(t, settings, here)
  const browser = here.browser()
  await browser.post('/register', ada)
  const headers = {
    cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
    'x-original-url': 'https://app.example.com/',
    'x-original-method': 'GET',
  }
  const statusAt = async (node: TestService) =>
    (await node.browser().send('/api/authz/auth-request', { headers })).status
  const ask = async () => [await statusAt(here), await statusAt(there)]
  t.strictSame(await ask(), [200, 200])
  const app = 'https://app.example.com/'
  const question = await browser.get(`/logout?redirectUrl=${encodeURIComponent(app)}`)
  t.match(question.body, 'Sign out?')
  t.strictSame(await ask(), [200, 200], 'a link alone ends nothing')
  t.equal((await browser.post(`/logout?redirectUrl=${encodeURIComponent(app)}`)).location, app)
  t.equal(await statusAt(here), 401, 'where it was ended, at once')
  const ended = Date.now()
  await until(async () => (await statusAt(there)) === 401)
  t.ok(Date.now() - ended < 1000, 'elsewhere soon')
})

t.test('an app that asks by itself shows the cookie or the token', async (t) => {
  const service = await startTestService(t, https)
  const browser = service.browser()
  await browser.post('/register', ada)
  const { body: unconfirmed } = await browser.get('/api/session')
  t.match(JSON.parse(unconfirmed), { username: 'Ada', email: null }, 'nobody has confirmed the address')
  await service.database.query(`update accounts set groups = '{staff}', email_confirmed_at = now()`)
  const account = {
    username: 'Ada',
    name: 'Ada',
    email: 'ada@example.com',
    groups: ['staff'],
    expiresAt: /^\d{4}-.*Z$/,
  }
  // Nodes hear of changes made by others a moment later.
  await until(async () => (await browser.get('/api/session')).body.includes('staff'))
  t.match(JSON.parse((await browser.get('/api/session')).body), account)
  for (const scheme of ['Bearer', 'bearer', 'BEARER ']) {
    const answer = await service
      .browser()
      .get('/api/session', { authorization: `${scheme} ${token(browser)}` })
    t.equal(answer.status, 200, scheme)
    t.match(JSON.parse(answer.body), account)
  }
  const refused: [path: string, headers: Record<string, string>, challenge: string][] = [
    ['/api/session', {}, 'Bearer'],
    [`/api/session?token=${token(browser)}&access_token=${token(browser)}`, {}, 'Bearer'],
    ['/api/session', { authorization: `Basic ${token(browser)}` }, 'Bearer error="invalid_token"'],
    ['/api/session', { authorization: token(browser) }, 'Bearer error="invalid_token"'],
    ['/api/session', { authorization: `Bearer ${'A'.repeat(43)}` }, 'Bearer error="invalid_token"'],
    ['/api/session', { authorization: 'Bearer x' }, 'Bearer error="invalid_token"'],
    ['/api/session', { authorization: '' }, 'Bearer error="invalid_token"'],
  ]
  for (const [path, headers, challenge] of refused) {
    const answer = await service.browser().get(path, headers)
    t.equal(answer.status, 401, JSON.stringify(headers))
    t.equal(answer.headers.get('www-authenticate'), challenge)
    t.strictSame(JSON.parse(answer.body), {
      error: 'notSignedIn',
      loginUrl: 'https://login.example.com/login',
    })
  }
  const both = await browser.get('/api/session', { authorization: `Bearer ${'A'.repeat(43)}` })
  t.equal(both.status, 401, 'a wrong token is not made good by the cookie')
})
