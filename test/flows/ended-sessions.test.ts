import t from 'tap'
import { AccountStore } from '../../src/accounts/account-store.js'
import { END_REASONS, type EndReason } from '../../src/sessions/end-reason.js'
import { SessionStore } from '../../src/sessions/session-store.js'
import { until } from '../database/until.js'
import type { TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'

const password = 'correct horse battery'
const ada = { username: 'Ada', password, confirmPassword: password }
const tokenOf = ({ cookies }: TestBrowser) => cookies.get('latchkey_session')

async function accountId({ database }: TestService): Promise<string> {
  const { rows } = await database.query<{ id: string }>("select id from accounts where username = 'Ada'")
  return rows[0]?.id ?? ''
}

async function endAll(service: TestService, reason: EndReason): Promise<void> {
  await new SessionStore(service.database).endAllOf(await accountId(service), reason, new Date())
}

/** A browser that is signed in until it is told that it is not. */
async function signedOut(service: TestService, reason: EndReason): Promise<TestBrowser> {
  const browser = service.browser()
  await browser.post('/login', ada)
  await endAll(service, reason)
  await until(async () => (await browser.get('/api/session')).status === 401)
  return browser
}

t.test('the login page says once why a session has ended, and the cookie goes', async (t) => {
  const service = await startTestService(t)
  await service.browser().post('/register', ada)
  const words: Record<EndReason, RegExp> = {
    endedByOwner: /done on another browser/,
    passwordChanged: /The password of your account was changed\./,
    passwordReset: /The password of your account was reset\./,
    endedByOperator: /has signed you out everywhere\./,
    passwordSetByOperator: /has given your account a new password\./,
    accountDeleted: /Your account was deleted\./,
  }
  for (const reason of END_REASONS) {
    const browser = await signedOut(service, reason)
    const sent = await browser.get('/dashboard')
    t.equal(sent.location, '/login?redirectUrl=%2Fdashboard')
    t.ok(tokenOf(browser), 'kept until the page can tell')
    const page = await browser.get(sent.location ?? '')
    t.equal(page.status, 200)
    t.match(page.body, words[reason])
    t.equal(tokenOf(browser), undefined)
    const again = await browser.get('/login')
    t.notMatch(again.body, 'class="notice')
  }
})

t.test('whoever deletes an account hears of it on all browsers', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  const id = await accountId(service)
  await service.database.transaction(async (client) => {
    await new SessionStore(client).endAllOf(id, 'accountDeleted', new Date())
    await new AccountStore(client).remove(id)
  })
  await until(async () => (await browser.get('/api/session')).status === 401)
  t.match((await browser.get('/login')).body, 'Your account was deleted.')
})

t.test('of a token that was signed out, or never was, nothing is told', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  const kept = tokenOf(browser) ?? ''
  await browser.post('/logout')
  const plain = (await service.browser().get('/login')).body
  t.notMatch(plain, 'class="notice')
  for (const token of [kept, 'A'.repeat(43), 'nonsense']) {
    const stranger = service.browser()
    stranger.cookies.set('latchkey_session', token)
    const page = await stranger.get('/login')
    t.equal(page.body, plain)
    t.strictSame(page.headers.getSetCookie(), [], 'what is not known is left alone')
  }
})

t.test('signing in anew is not told of the session before', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  await endAll(service, 'passwordReset')
  await until(async () => (await browser.get('/api/session')).status === 401)
  t.equal((await browser.post('/login', ada)).status, 303)
  t.equal((await browser.get('/login')).location, '/dashboard')
  t.equal((await browser.get('/api/session')).status, 200)
})

t.test('of several cookies the ended one is told, unless another is alive', async (t) => {
  const service = await startTestService(t)
  await service.browser().post('/register', ada)
  const browser = await signedOut(service, 'endedByOwner')
  const ended = tokenOf(browser)
  const headers = { cookie: `latchkey_session=${'A'.repeat(43)}; latchkey_session=${ended}` }
  t.match((await service.browser().send('/login', { headers })).body, 'done on another browser')
  const other = service.browser()
  await other.post('/login', ada)
  const both = { cookie: `latchkey_session=${ended}; latchkey_session=${tokenOf(other)}` }
  t.equal((await service.browser().send('/login', { headers: both })).location, '/dashboard')
})

t.test('what this browser has done just now is told once; no link can say it', async (t) => {
  const service = await startTestService(t)
  const plain = (await service.browser().get('/login')).body
  const told = async (farewell: string, path = '/login') => {
    const browser = service.browser()
    browser.cookies.set('latchkey_farewell', farewell)
    const { body } = await browser.get(path)
    t.notOk(browser.cookies.get('latchkey_farewell'), farewell)
    t.equal((await browser.get('/login')).body, plain, 'told once')
    return body
  }
  t.match(await told('accountDeleted.'), 'Your account is deleted')
  const reset = await told(`passwordReset.${Buffer.from('<Ada>').toString('base64url')}`)
  t.match(reset, 'Sign in with the new one.')
  t.match(reset, 'value="&lt;Ada&gt;"')
  t.match(await told('signedOut', '/login?redirectUrl=%2Fdashboard'), 'You are signed out')
  for (const other of ['endedByOwner', '.', 'constructor', '__proto__.x'])
    t.equal(await told(other), plain, other)
  for (const notice of ['passwordReset', 'accountDeleted', 'signedOut'])
    t.equal((await service.browser().get(`/login?notice=${notice}`)).body, plain, notice)
})

t.test('signing out is told here, and left to the app that somebody goes back to', async (t) => {
  const app = 'http://localhost:4000'
  const service = await startTestService(t, { ALLOWED_REDIRECT_ORIGINS: app })
  const browser = service.browser()
  await browser.post('/register', ada)
  t.equal((await browser.post('/logout')).location, '/login')
  t.match((await browser.get('/login')).body, 'You are signed out')
  await browser.post('/login', ada)
  t.equal((await browser.post(`/logout?redirectUrl=${app}/`)).location, `${app}/`)
  t.notMatch((await browser.get('/login')).body, 'class="notice')
})

t.test('who has just reset a password here is told that, not that they were signed out', async (t) => {
  const service = await startTestService(t)
  await service.browser().post('/register', ada)
  const browser = await signedOut(service, 'passwordReset')
  browser.cookies.set('latchkey_farewell', 'passwordReset.')
  t.match((await browser.get('/login')).body, 'Sign in with the new one.')
  t.equal(tokenOf(browser), undefined)
  t.notMatch((await browser.get('/login')).body, 'class="notice')
})

t.test('a browser without a cookie costs the database nothing', async (t) => {
  const service = await startTestService(t)
  await service.browser().get('/login')
  const query = service.database.query.bind(service.database)
  const asked: unknown[] = []
  service.database.query = (statement, values) => {
    asked.push(statement)
    return query(statement, values)
  }
  await service.browser().get('/login')
  await service.browser().get('/login?redirectUrl=%2Fdashboard')
  t.strictSame(
    asked.filter((statement) => /session/.test(JSON.stringify(statement))),
    [],
  )
})

t.test('what one node ended another one tells', async (t) => {
  const one = await startTestService(t)
  const two = await startTestService(t, {}, one)
  const browser = one.browser()
  await browser.post('/register', ada)
  const elsewhere = two.browser()
  elsewhere.cookies.set('latchkey_session', tokenOf(browser) ?? '')
  t.equal((await elsewhere.get('/api/session')).status, 200)
  await endAll(one, 'passwordChanged')
  await until(async () => (await elsewhere.get('/api/session')).status === 401)
  t.match((await elsewhere.get('/login')).body, 'The password of your account was changed.')
})
