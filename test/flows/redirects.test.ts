import t from 'tap'
import { savePasskey } from './save-passkey.js'
import { startTestService } from './test-service.js'

const password = 'correct horse battery'
const ada = { username: 'Ada', password, confirmPassword: password }
const app = 'https://app.example.com/inbox?folder=a b&x=ü#top'
const sent = 'https://app.example.com/inbox?folder=a%20b&x=%C3%BC#top'
const settings = { ALLOWED_REDIRECT_ORIGINS: 'https://app.example.com https://*.example.org' }

t.test('the destination survives every page and every mistake on the way', async (t) => {
  const service = await startTestService(t, settings)
  const browser = service.browser()
  const query = `redirectUrl=${encodeURIComponent(app)}`
  const kept = `?${query}"`

  const pages = [
    await browser.get(`/login?${query}`),
    await browser.get(`/register?${query}`),
    await browser.post(`/register?${query}`, { username: 'x' }),
    await browser.post(`/login?${query}`, { username: 'nobody', password }),
    await browser.post(`/login?${query}`, {}),
    await browser.get(`/logout?${query}`),
  ]
  for (const { body } of pages) t.match(body.replaceAll('&#39;', "'"), kept.replaceAll('&', '&amp;'))

  t.equal((await browser.post(`/register?${query}`, ada)).location, sent)
  t.equal((await browser.get(`/login?${query}`)).location, sent, 'signed in already')
  t.equal((await browser.post(`/login?${query}`, { username: 'Ada', password })).location, sent)
  t.equal((await browser.post('/login', { username: 'Ada', password, redirectUrl: app })).location, sent)
  t.match(
    (await browser.get(`/logout?${query}`)).body,
    `href="${sent.replaceAll('&', '&amp;')}">Stay signed in`,
  )
  t.equal((await browser.post(`/logout?${query}`)).location, sent)
})

t.test('rd and redirect_uri are other names of redirectUrl', async (t) => {
  const service = await startTestService(t, settings)
  const browser = service.browser()
  await browser.post('/register', ada)
  for (const name of ['redirectUrl', 'rd', 'redirect_uri']) {
    t.equal((await browser.get(`/login?${name}=${encodeURIComponent(app)}`)).location, sent, name)
  }
  t.equal((await browser.get('/login?redirectUrl=&rd=/logout')).location, '/logout')
})

t.test('a refused address is named together with the setting that would allow it', async (t) => {
  const service = await startTestService(t, settings)
  const browser = service.browser()
  await service.browser().post('/register', ada)
  const query = '?redirectUrl=https%3A%2F%2Fevil.example%2Fx%3F%22%3E%3Cscript%3E'
  const pages = [
    await browser.get(`/login${query}`),
    await browser.get(`/register${query}`),
    await browser.get(`/logout${query}`),
    await browser.post(`/login${query}`, { username: 'Ada', password }),
    await browser.post(`/register${query}`, ada),
    await browser.post(`/logout${query}`),
  ]
  for (const { status, body, location } of pages) {
    t.equal(status, 400)
    t.equal(location, null)
    t.match(body, 'https://evil.example/x')
    t.match(body, 'ALLOWED_REDIRECT_ORIGINS=https://evil.example<')
    t.notMatch(body, '<script>')
  }
  t.equal(browser.cookies.size, 0, 'nobody was signed in')
})

t.test('two destinations at once are refused', async (t) => {
  const service = await startTestService(t, settings)
  const page = await service.browser().get('/login?redirectUrl=/a&redirectUrl=https://evil.example')
  t.equal(page.status, 400)
})

t.test('signing out ends the session even when the address afterwards is refused', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  t.equal((await browser.post('/logout?redirectUrl=https://evil.example')).status, 400)
  t.equal((await browser.get('/dashboard')).status, 303)
  t.strictSame((await service.database.query('select 1 from sessions')).rows, [])
})

t.test('each tab goes on to its own destination, whatever happened in the others', async (t) => {
  const service = await startTestService(t, settings)
  const browser = service.browser()
  await browser.post('/register', ada)
  await browser.post('/logout')
  const tab = (path: string) => `/login?redirectUrl=${encodeURIComponent(`https://${path}`)}`
  await browser.get(tab('app.example.com/one'))
  await browser.get(tab('two.example.org/'))
  const form = { username: 'Ada', password }
  t.equal((await browser.post(tab('app.example.com/one'), form)).location, 'https://app.example.com/one')
  service.passSeconds(24 * 3600)
  t.equal((await browser.post(tab('two.example.org/'), form)).location, 'https://two.example.org/')
})

t.test('behind https the cookie is __Host- prefixed and the answers demand https from now on', async (t) => {
  const service = await startTestService(t, { PUBLIC_URL: 'https://login.example.com' })
  const browser = service.browser()
  const registered = await browser.post('/register', ada, { origin: 'https://login.example.com' })
  t.equal(registered.location, '/dashboard')
  const [cookie = '', deviceCookie = ''] = registered.headers.getSetCookie()
  t.match(cookie, /^__Host-latchkey_session=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  t.match(
    deviceCookie,
    /^__Host-latchkey_device=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  t.equal(registered.headers.get('strict-transport-security'), 'max-age=31536000; includeSubDomains')
  await savePasskey(browser)
  t.match((await browser.get('/dashboard')).body, 'Hello, Ada')
  browser.cookies.set('latchkey_session', browser.cookies.get('__Host-latchkey_session') ?? '')
  browser.cookies.delete('__Host-latchkey_session')
  t.equal((await browser.get('/dashboard')).status, 303, 'the name that others can set counts for nothing')
})

t.test('X-Forwarded headers count only from listed proxies', async (t) => {
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'login.example.com' }
  const direct = await startTestService(t)
  t.equal((await direct.browser().get('/login', forwarded)).headers.get('strict-transport-security'), null)
  const proxied = await startTestService(t, { TRUSTED_PROXIES: '127.0.0.1' })
  const browser = proxied.browser()
  const registered = await browser.post('/register', ada, forwarded)
  t.equal(registered.location, '/dashboard')
  t.ok(browser.cookies.has('__Host-latchkey_session'))
})

t.test('an app that asks by itself hears who is signed in, as JSON', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  const stranger = await browser.get('/api/session')
  t.equal(stranger.status, 401)
  t.strictSame(JSON.parse(stranger.body), { error: 'notSignedIn', loginUrl: `${service.origin}/login` })
  await browser.post('/register', ada)
  const known = await browser.get('/api/session')
  t.equal(known.status, 200)
  t.match(JSON.parse(known.body), { username: 'Ada', expiresAt: /^\d{4}-/ })
})
