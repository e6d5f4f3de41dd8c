import t from 'tap'
import { until } from '../database/until.js'
import { afterQuery } from '../database/after-query.js'
import { begin, prove, reset, signIn } from '../flows/recovery-scene.js'
import { savePasskey } from '../flows/save-passkey.js'
import type { TestBrowser } from '../flows/test-browser.js'
import { startTestService } from '../flows/test-service.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import {
  app,
  arriveAs,
  comeBackAs,
  isSignedIn,
  password,
  readLinkPath,
  startWithProvider,
} from './openid-scene.js'
import { signInThere } from './real-provider.js'

const linkPage = '/profile/openid'
const sensitiveForms = [
  '/profile/password',
  '/profile/email',
  '/profile/delete',
  '/profile/questions',
  '/profile/recovery-passkey',
]
const confirmOf = (form: string) => `/profile/confirm?redirectUrl=${encodeURIComponent(form)}`
const askOf = (form: string) => `/profile/confirm/openid?redirectUrl=${encodeURIComponent(form)}`

/** An account with a password, signed in. */
async function register(browser: TestBrowser, username: string): Promise<void> {
  await browser.post('/register', { username, password, confirmPassword: password })
  await savePasskey(browser)
}

t.test('trying a password on an account that has none is like trying a wrong one', async (t) => {
  const scene = await startWithProvider(t)
  await arriveAs(scene, 'ada')
  const other = scene.service.browser()
  await register(other, 'grace')
  const stranger = scene.service.browser()
  const pages = []
  for (const username of ['ada', 'grace']) {
    for (let tries = 0; tries < 5; tries++)
      pages.push(await stranger.post('/login', { username, password: `wrong ${tries}` }))
  }
  const seen = pages.map(({ status, body }) => ({ status, body: body.replaceAll(/ada|grace/g, 'name') }))
  t.strictSame(seen.slice(0, 5), seen.slice(5))
  t.strictSame(
    seen.slice(0, 5).map(({ status }) => status),
    [401, 401, 401, 401, 429],
  )
})

t.test('who has no password is asked by the other service, once in ten minutes', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  for (const form of sensitiveForms) {
    t.equal((await browser.get(form)).location, confirmOf(form), form)
    t.equal((await browser.post(form, { isSure: 'yes' })).location, confirmOf(form), form)
  }
  const page = await browser.get(confirmOf('/profile/delete'))
  t.equal(page.status, 200)
  t.match(page.body, `href="${askOf('/profile/delete')}">Continue with Example ID`)
  t.match(page.body, 'href="/recover?redirectUrl=%2Fprofile%2Fdelete"')

  const before = browser.cookies.get('latchkey_session')
  const there = scene.provider.browser()
  const back = await comeBackAs(scene, browser, 'ada', { path: askOf('/profile/delete'), there })
  t.equal(back.location, '/profile/delete')
  t.not(browser.cookies.get('latchkey_session'), before, 'a proof brings a new token')
  for (const form of sensitiveForms) {
    const { status, body } = await browser.get(form)
    t.equal(status, 200, form)
    t.notMatch(body, 'name="currentPassword"')
  }
  scene.service.passSeconds(601)
  t.equal((await browser.get('/profile/delete')).location, confirmOf('/profile/delete'))
})

t.test('the other service asks anew, also whom it still knows', async (t) => {
  const scene = await startWithProvider(t)
  const browser = scene.service.browser()
  const there = scene.provider.browser()
  await comeBackAs(scene, browser, 'ada', { there })
  await browser.post('/login/openid/username', { username: 'ada' })
  const out = await browser.get(askOf('/profile/delete'))
  const { searchParams } = new URL(out.location ?? '')
  t.equal(searchParams.get('prompt'), 'login')
  t.equal(searchParams.get('max_age'), '0')
  const asked = await there.get(out.location ?? '')
  t.match((await there.get(asked.location ?? '')).body, 'name="login"')
})

t.test('somebody else there proves nothing here', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  const back = await comeBackAs(scene, browser, 'eve', { path: askOf('/profile/delete') })
  t.equal(back.status, 403)
  t.match(back.body, 'That is another account at Example ID')
  t.equal((await browser.get('/profile/delete')).location, confirmOf('/profile/delete'))
  await arriveAs(scene, 'eve')
  t.equal((await comeBackAs(scene, browser, 'eve', { path: askOf('/profile/delete') })).status, 403)
})

t.test('a proof counts where passwords are asked for each time, too', async (t) => {
  const scene = await startWithProvider(t, { SUDO_VALIDITY_SECONDS: '0' })
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  await comeBackAs(scene, browser, 'ada', { path: askOf('/profile/delete') })
  t.equal((await browser.get('/profile/delete')).status, 200)
})

t.test('an app that sees the cookie of the session cannot use the proof', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  await comeBackAs(scene, browser, 'ada', { path: askOf('/profile/delete') })
  const thief = scene.service.browser()
  thief.cookies.set('latchkey_session', browser.cookies.get('latchkey_session') ?? '')
  t.equal((await thief.get('/profile/delete')).location, confirmOf('/profile/delete'))
})

t.test('a passkey that is still to be saved is shown after a proof', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  browser.cookies.delete('latchkey_device')
  const waiting = await browser.get('/recovery-passkey')
  t.equal(waiting.location, confirmOf('/recovery-passkey'))
  await comeBackAs(scene, browser, 'ada', { path: askOf('/recovery-passkey') })
  t.ok(await savePasskey(browser))
})

t.test('who came by another service sets a password, and then signs in with either', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  t.match((await browser.get('/profile')).body, 'None yet. Set one to sign in with it too.')
  await comeBackAs(scene, browser, 'ada', { path: askOf('/profile/password') })
  t.match((await browser.get('/profile/password')).body, '<h1>Set a password</h1>')
  const mistyped = await browser.post('/profile/password', { password, confirmPassword: 'another' })
  t.match(mistyped.body, 'Set password</button>')
  const done = await browser.post('/profile/password', { password, confirmPassword: password })
  t.equal(done.location, '/profile?notice=passwordSet')
  t.match(
    (await browser.get(done.location ?? '')).body,
    'Your password is set, and you can sign in with it, too.',
  )
  t.match((await browser.get('/profile')).body, 'Choose a new one.')
  t.match((await browser.get('/profile/password')).body, '<h1>Change your password</h1>')
  t.equal((await scene.service.browser().post('/login', { username: 'ada', password })).status, 303)
  t.equal((await comeBackAs(scene, scene.service.browser(), 'ada')).location, '/dashboard')
  scene.service.passSeconds(601)
  t.match((await browser.get('/profile/delete')).body, 'name="currentPassword"')
  t.match((await browser.get(confirmOf('/profile/delete'))).body, 'name="currentPassword"')
})

t.test('who has no password takes a second step after the other service', async (t) => {
  const scene = await startWithProvider(t, { EMAIL_OTP: 'optional' })
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  t.match((await browser.get('/profile')).body, 'A code by mail, when another service has signed you in.')
  await comeBackAs(scene, browser, 'ada', { path: askOf('/profile/delete') })
  const pages = ['/profile/sign-in-code', '/profile/authenticator', '/profile/passkeys/second-step']
  for (const path of pages) {
    const { status, body } = await browser.get(path)
    t.equal(status, 200, path)
    t.match(body, '<p>After another service has signed you in, you', path)
    t.notMatch(body, /(your|the) password/i, path)
  }
  await browser.post('/profile/password', { password, confirmPassword: password })
  for (const path of pages)
    t.match(
      (await browser.get(path)).body,
      /<p>After your password you .*\. Whoever finds out your password/,
      path,
    )
})

t.test('who came by another service deletes the account, which stays nobody’s there', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  await comeBackAs(scene, browser, 'ada', { path: askOf('/profile/delete') })
  t.equal((await browser.post('/profile/delete', { isSure: 'yes' })).location, '/login')
  const later = scene.service.browser()
  t.equal((await comeBackAs(scene, later, 'ada')).location, '/login/openid/username')
  t.equal(
    (await later.post('/login/openid/username', { username: 'ada' })).status,
    409,
    'the name stays taken',
  )
})

t.test('the owner links an identity, and unlinks it, and hears of both', async (t) => {
  const mailbox = await openMailbox(t)
  const scene = await startWithProvider(t, { SMTP_URL: mailbox.url })
  const { database } = scene.service
  const browser = scene.service.browser()
  await register(browser, 'Ada')
  await database.query(
    `update accounts set email = 'ada@x.example', canonical_email = 'ada@x.example', email_confirmed_at = now()`,
  )
  t.match((await browser.get('/profile')).body, /Continue with Example ID.*not linked/s)
  t.equal(
    (await browser.get('/profile/openid/link')).location,
    confirmOf(linkPage),
    'the password comes first',
  )
  const toConfirm = await browser.get(linkPage)
  t.match(toConfirm.body, `href="${confirmOf(linkPage)}">Confirm that it is you`)
  t.notMatch(toConfirm.body, '/profile/openid/link')
  t.equal((await browser.post(confirmOf(linkPage), { currentPassword: 'a wrong guess' })).status, 401)
  t.match((await browser.get(confirmOf(linkPage))).body, 'name="currentPassword"')
  t.equal((await browser.post(confirmOf(linkPage), { currentPassword: password })).location, linkPage)
  t.match((await browser.get(linkPage)).body, '">Link Example ID')

  const linked = await comeBackAs(scene, browser, 'ada', { path: await readLinkPath(browser) })
  t.equal(linked.location, '/profile?notice=identityLinked')
  t.match(
    (await mailbox.letterTo('ada@x.example')).headers.get('subject'),
    'Another way to sign in was set up',
  )
  const other = scene.service.browser()
  t.equal((await comeBackAs(scene, other, 'ada')).location, '/dashboard')
  t.match((await other.get('/api/session')).body, '"username":"Ada"')

  const page = await browser.get(linkPage)
  t.match(page.body, 'Unlink Example ID')
  const { issuer } = scene.provider
  t.equal((await browser.post('/profile/openid/unlink', { issuer: 'x' })).status, 303)
  t.equal((await browser.post('/profile/openid/unlink')).location, linkPage)
  const unlinked = await browser.post('/profile/openid/unlink', { issuer })
  t.equal(unlinked.location, '/profile?notice=identityUnlinked')
  t.match((await mailbox.letterTo('ada@x.example')).headers.get('subject'), 'A way to sign in was removed')
  const later = scene.service.browser()
  t.equal((await comeBackAs(scene, later, 'ada')).location, '/login/openid/username')
  await until(async () => {
    const { rowCount } = await database.query(`select from security_events where kind like 'identity%'`)
    return rowCount === 2
  })
})

t.test('a sign-in under way that an identity began ends when it is unlinked', async (t) => {
  const mailbox = await openMailbox(t)
  const scene = await startWithProvider(t, { SMTP_URL: mailbox.url, EMAIL_OTP: 'optional' })
  const { database } = scene.service
  const browser = scene.service.browser()
  await register(browser, 'Ada')
  await browser.post('/profile/confirm', { currentPassword: password })
  await comeBackAs(scene, browser, 'ada', { path: await readLinkPath(browser) })
  await database.query(
    `update accounts set email = 'ada@x.example', canonical_email = 'ada@x.example', email_confirmed_at = now()`,
  )
  await database.query(
    'insert into second_factors (account_id, email_otp_since) select id, now() from accounts',
  )
  const thief = scene.service.browser()
  t.equal((await comeBackAs(scene, thief, 'ada')).location, '/login/code')
  const code = codeIn(await mailbox.letterTo('ada@x.example'))
  await browser.post('/profile/confirm', { currentPassword: password })
  const ownCode = codeIn(await mailbox.letterTo('ada@x.example'))
  await browser.post('/profile/confirm/code', { username: 'Ada', code: ownCode })
  const unlinked = await browser.post('/profile/openid/unlink', { issuer: scene.provider.issuer })
  t.match((await browser.get(unlinked.location ?? '')).body, 'stay so until they are signed out')
  t.equal((await thief.post('/login/code', { username: 'Ada', code })).location, '/login')
  t.equal(await isSignedIn(thief), false)
  t.equal(await isSignedIn(browser), true)
})

t.test('nothing is linked or unlinked without the password, nor from another site', async (t) => {
  const scene = await startWithProvider(t)
  const browser = scene.service.browser()
  await register(browser, 'Ada')
  const { issuer } = scene.provider
  t.equal((await browser.post('/profile/openid/unlink', { issuer })).location, confirmOf(linkPage))
  await browser.post('/profile/confirm', { currentPassword: password })
  const led = await browser.get('/profile/openid/link', { 'sec-fetch-site': 'same-origin' })
  t.equal(led.location, linkPage, 'nor by way of a page here, such as the one that asks for the password')
  const abroad = await browser.get(await readLinkPath(browser), { 'sec-fetch-site': 'same-site' })
  t.equal(abroad.location, linkPage, 'nor by an app that knows the cookie of the session')
  const another = scene.service.browser()
  await register(another, 'Eve')
  await another.post('/profile/confirm', { currentPassword: password })
  t.equal(
    (await another.get(await readLinkPath(browser))).location,
    linkPage,
    'nor by the link of somebody else',
  )

  const thief = scene.service.browser()
  thief.cookies.set('latchkey_session', browser.cookies.get('latchkey_session') ?? '')
  t.equal((await thief.get('/profile/openid/link')).location, confirmOf(linkPage))
  t.match((await scene.service.browser().get('/profile/openid/link')).location, /^\/login\?/)

  const out = await browser.get(await readLinkPath(browser))
  scene.service.passSeconds(601)
  const back = await signInThere(scene.provider.browser(), out.location, 'ada')
  t.equal((await browser.get(back)).location, linkPage, 'whoever was away too long is asked again')
  t.equal((await scene.service.database.query('select from linked_identities')).rowCount, 0)
})

t.test('what one account set out for does not end in another', async (t) => {
  const scene = await startWithProvider(t)
  const browser = scene.service.browser()
  await register(browser, 'Ada')
  await browser.post('/profile/confirm', { currentPassword: password })
  const out = await browser.get(await readLinkPath(browser))
  await browser.post('/logout')
  await register(browser, 'Grace')
  await browser.post('/profile/confirm', { currentPassword: password })
  const back = await browser.get(await signInThere(scene.provider.browser(), out.location, 'ada'))
  t.equal(back.status, 400)
  t.match(back.body, 'Please start again')
  t.equal((await scene.service.database.query('select from linked_identities')).rowCount, 0)
})

t.test('where there is a password, the word of the other service does not take its place', async (t) => {
  const scene = await startWithProvider(t)
  const owner = scene.service.browser()
  await register(owner, 'Ada')
  await owner.post('/profile/confirm', { currentPassword: password })
  await comeBackAs(scene, owner, 'ada', { path: await readLinkPath(owner) })

  const intruder = scene.service.browser()
  t.equal((await comeBackAs(scene, intruder, 'ada')).location, '/dashboard')
  await comeBackAs(scene, intruder, 'ada', { path: askOf('/profile/password') })
  for (const form of ['/profile/password', '/profile/delete', '/profile/recovery-passkey'])
    t.match((await intruder.get(form)).body, 'name="currentPassword"', form)
  const better = { password: 'a better one', confirmPassword: 'a better one' }
  t.equal((await intruder.post('/profile/password', better)).status, 400)
})

t.test('an identity opens one account, and an account has one of each service', async (t) => {
  const scene = await startWithProvider(t)
  await arriveAs(scene, 'ada')
  const browser = scene.service.browser()
  await register(browser, 'Grace')
  await browser.post('/profile/confirm', { currentPassword: password })
  const path = await readLinkPath(browser)
  const taken = await comeBackAs(scene, browser, 'ada', { path })
  t.equal(taken.status, 409)
  t.match(taken.body, 'This account at Example ID is in use')
  t.equal((await comeBackAs(scene, browser, 'grace', { path })).location, '/profile?notice=identityLinked')
  t.equal((await comeBackAs(scene, browser, 'eve', { path })).status, 409)
  const again = await comeBackAs(scene, browser, 'grace', { path })
  t.equal(again.location, '/profile?notice=identityLinked', 'the same one may be linked twice')
})

t.test('whoever is known here already links their account on the way to the app', async (t) => {
  const scene = await startWithProvider(t)
  const browser = scene.service.browser()
  await register(browser, 'Ada')
  await browser.post('/logout')
  const inbox = `${app}/inbox?page=2`
  const path = `/login/openid?redirectUrl=${encodeURIComponent(inbox)}`
  const arrived = await comeBackAs(scene, browser, 'ada', { path })
  const { body } = await browser.get(arrived.location ?? '')
  const [, loginUrl = ''] = /href="(.*)">Sign in and link it/.exec(body) ?? []
  const page = `${linkPage}?redirectUrl=${encodeURIComponent(inbox)}`
  t.equal((await browser.post(loginUrl, { username: 'Ada', password })).location, page)
  t.match((await browser.get(page)).body, `href="${confirmOf(page)}"`)
  const early = `/profile/openid/link?redirectUrl=${encodeURIComponent(inbox)}`
  t.equal((await browser.get(early)).location, confirmOf(page))
  t.equal((await browser.post(confirmOf(page), { currentPassword: password })).location, page)
  t.match((await browser.get(page)).body, `href="${inbox}">Continue to app.example.com`)
  const linked = await comeBackAs(scene, browser, 'ada', { path: await readLinkPath(browser, page) })
  t.equal(linked.location, inbox)
  t.equal((await comeBackAs(scene, scene.service.browser(), 'ada', { path })).location, inbox)
})

t.test('the only way in is not unlinked', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  const { issuer } = scene.provider
  const page = await browser.get(linkPage)
  t.match(page.body, 'You have no password here.')
  t.notMatch(page.body, 'Unlink')
  t.equal((await browser.post('/profile/openid/unlink', { issuer })).location, confirmOf(linkPage))
  await comeBackAs(scene, browser, 'ada', { path: askOf(linkPage) })
  t.equal((await browser.post('/profile/openid/unlink', { issuer })).location, linkPage)
  t.equal((await scene.service.database.query('select from linked_identities')).rowCount, 1)
})

t.test('a password that is reset shuts out whoever had linked an identity', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'Ada')
  const passkey = await savePasskey(browser)
  const finder = scene.service.browser()
  await begin(finder)
  await prove(finder, 'passkey', passkey)
  t.equal((await reset(finder, password)).location, '/login')
  t.equal(await isSignedIn(browser), false)
  t.equal((await signIn(finder, password)).status, 303)
  const later = scene.service.browser()
  t.equal((await comeBackAs(scene, later, 'Ada')).location, '/login/openid/username')
})

t.test('by what somebody signed in is told in the list of events and in the log', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'Ada')
  await savePasskey(browser)
  await until(async () =>
    (await browser.get('/profile/events')).body.includes('Signed in by another service'),
  )
  t.match(
    scene.service.logged().find(({ msg }) => msg === 'registered'),
    { firstFactor: 'provider' },
  )
  const other = scene.service.browser()
  await other.post('/register', { username: 'Bert', password, confirmPassword: password })
  await savePasskey(other)
  await until(async () => (await other.get('/profile/events')).body.includes('Signed in by password'))
})

t.test('no sign-in outlives a reset of the password right after the identity was found', async (t) => {
  const scene = await startWithProvider(t)
  const passkey = await savePasskey(await arriveAs(scene, 'Ada'))
  const finder = scene.service.browser()
  await begin(finder)
  await prove(finder, 'passkey', passkey)
  afterQuery(scene.service.database, 'find owner of identity', async () => {
    t.equal((await reset(finder, password)).location, '/login')
  })
  const thief = scene.service.browser()
  t.equal((await comeBackAs(scene, thief, 'Ada')).location, '/login/openid/username')
  t.equal(await isSignedIn(thief), false)
})

t.test('when the service is not offered any more, a password is what helps', async (t) => {
  const scene = await startWithProvider(t)
  const browser = await arriveAs(scene, 'ada')
  await savePasskey(browser)
  const without = await startTestService(t, {}, scene.service)
  const there = without.browser()
  for (const [name, value] of browser.cookies) there.cookies.set(name, value)
  t.equal((await there.get('/profile/delete')).location, confirmOf('/profile/delete'))
  const page = await there.get(confirmOf('/profile/delete'))
  t.match(page.body, 'Set one first.')
  t.notMatch(page.body, 'Continue with')
  t.match((await there.get('/profile')).body, 'Other ways to sign in')
  t.match((await there.get(linkPage)).body, '127.0.0.1')
})
