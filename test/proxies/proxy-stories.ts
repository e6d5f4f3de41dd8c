import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import type { Browser } from 'playwright-core'
import { findFreePort } from '../../src/programs/find-free-port.js'
import { inChromium } from '../browser/test-chromium.js'
import { visit } from '../browser/visitor.js'
import { missingPrograms, type ProxyKind } from '../doctor/proxy.js'
import { runCommand } from '../operator/run-command.js'
import { setScene, type Places, type Scene } from './scene.js'

const app = 'app.example.com'
const login = 'login.example.com'
const password = 'correct horse battery'
const inbox = `https://${app}/inbox?folder=a%20b&unread=1`
const json = { accept: 'application/json' }
const html = { accept: 'text/html' }

/** What must be true behind each proxy, with the configuration of the README. */
export async function tellProxyStories(
  kind: ProxyKind,
  configure: (t: Test, places: Places) => string,
): Promise<void> {
  const port = await findFreePort()
  const missing = missingPrograms(kind, 'openssl')
  const words = [
    `--host-resolver-rules=MAP *.example.com:443 127.0.0.1:${port}`,
    '--ignore-certificate-errors',
  ]
  const title = `${kind}, with the configuration of the README`
  inChromium(
    title,
    async (t, chromium) => {
      if (missing !== false) {
        if (process.env['CI'] === 'true') t.fail(missing)
        else t.plan(0, missing)
        return
      }
      const scene = await setScene(t, kind, port, configure)
      await t.test('a person goes from app to login and back, and out again', (t) =>
        comesAndGoes(t, chromium, scene),
      )
      const cookie = await signInGrace(scene)
      await t.test('what a client forges does not arrive', (t) => forges(t, scene, cookie))
      await t.test('a program hears 401 or 403 as JSON', (t) => asksAsProgram(t, scene, cookie))
      await t.test('no host but its own leads to the app', (t) => misleads(t, scene, cookie))
      await t.test('with Latchkey away nobody gets in', (t) => goesAway(t, scene, cookie))
    },
    words,
  )
}

async function comesAndGoes(t: Test, chromium: Browser, { received }: Scene): Promise<void> {
  const person = await visit(t, chromium)
  await person.opens(inbox)
  await person.sees('Sign in')
  t.equal(received.length, 0, 'the app was not asked')
  await person.follows('Create an account')
  await person.enters({ Username: 'Ada', Password: password, 'Password again': password })
  await person.presses('Create account')
  await person.sees('Hello, Ada')
  t.equal(person.page.url(), inbox, 'back in the app, with the query')

  await person.enters({ Letter: 'one' })
  await person.presses('Send')
  await person.sees('Hello, Ada')
  t.match(received.at(-1), { method: 'POST', url: '/letters?to=all', body: 'letter=one' })

  await person.opens(`https://${app}/admin`)
  await person.sees('This account may not open that page')
  t.match(received.at(-1), { method: 'POST' }, 'the app was not asked')
  await person.follows('Go to the start page of this app')
  await person.sees('Hello, Ada')
  t.equal(person.page.url(), `https://${app}/`)

  await person.opens(inbox)
  const tab = await person.opensTab()
  await tab.opens(inbox)
  await tab.follows('Leave')
  await tab.presses('Sign out')
  await tab.sees('Sign in')
  t.match(tab.page.url(), encodeURIComponent(`https://${app}/inbox`), 'the app asks to sign in again')

  const count = received.length
  await person.enters({ Letter: 'two' })
  await person.presses('Send')
  await person.sees('Sign in')
  t.equal(received.length, count, 'a form that was sent too late is refused, which the person sees')
  t.match(person.page.url(), encodeURIComponent(`https://${app}/letters?to=all`))
  t.strictSame([...person.complaints, ...tab.complaints], [])
}

/** Has the operator make an account, and signs in to it without a browser; returns its cookie. */
async function signInGrace({ ask, settings }: Scene): Promise<string> {
  const words = ['accounts', 'add', 'Grace', '--email', 'grace@example.com', '--password-stdin']
  const { code, err } = await runCommand(words, settings, password)
  if (code !== 0) throw new Error(err)
  const body = new URLSearchParams({ username: 'Grace', password }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: `https://${login}` }
  const { headers: answered } = await ask(login, '/login', { method: 'POST', headers, body })
  const cookies = answered['set-cookie'] ?? []
  const own = cookies.find((each) => /^__Secure-latchkey_session=[^;]/.test(each)) ?? ''
  return own.split(';')[0] ?? ''
}

async function forges(t: Test, { ask, received }: Scene, cookie: string): Promise<void> {
  const forged = {
    'Remote-User': 'root',
    'remote-groups': 'admins',
    'REMOTE-NAME': 'root',
    'Remote-Email': 'root@example.com',
    Remote_User: 'root',
    'X-Forwarded-For': '6.6.6.6',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'http',
    'X-Forwarded-Uri': '/evil',
    'X-Forwarded-Method': 'EVIL',
    'X-Forwarded-User': 'root',
    'X-Forwarded-Port': '666',
    'X-Forwarded-Prefix': '/evil',
    Forwarded: 'for=6.6.6.6',
    'X-Real-IP': '6.6.6.6',
    'X-Original-URL': 'https://app.example.com/evil',
    'X-Original-Method': 'EVIL',
    'X-Rewrite-URL': '/evil',
    X_Forwarded_For: '6.6.6.6',
    'X-Forwarded_Host': 'evil.example',
    X_Real_IP: '6.6.6.6',
    X_Original_URL: '/evil',
    'X-Rewrite_URL': '/evil',
    Connection: 'Remote-User, Remote-Name, Remote-Email, Remote-Groups',
  }
  const without = await ask(app, '/', { headers: { ...forged, ...json } })
  t.equal(without.status, 401)
  const { status } = await ask(app, '/', { headers: { ...forged, ...json, cookie: `a=b; ${cookie}; c=d` } })
  t.equal(status, 200)
  const headers: IncomingHttpHeaders = received.at(-1)?.headers ?? {}
  t.match(headers, { 'remote-user': 'Grace', 'remote-name': 'Grace', 'remote-email': 'grace@example.com' })
  t.equal(headers['remote-groups'] ?? '', '', 'she is in no group')
  t.equal(headers['x-forwarded-for'], '127.0.0.1')
  t.match(headers, { 'x-forwarded-host': app, 'x-forwarded-proto': 'https', host: app })
  t.notMatch(JSON.stringify(headers), /root|evil|6\.6\.6|666|EVIL|admins/)
  t.notMatch(JSON.stringify(headers), /latchkey_session/, 'the session stays with the proxy')
  t.match(headers.cookie, /a=b; c=d/, 'other cookies arrive')

  const token = cookie.split('=')[1] ?? ''
  for (const odd of [
    cookie,
    `${cookie}; a=b`,
    `a=b; ${cookie}`,
    `a=b;${cookie};c=d`,
    `${cookie}; ${cookie}`,
    `a=b; ${cookie}; c=d; ${cookie}`,
    [`a=b; ${cookie}`, 'c=d'],
  ]) {
    const before = received.length
    const answer = await ask(app, '/', { headers: { ...json, cookie: odd } })
    const arrived = received.slice(before)
    t.notMatch(JSON.stringify(arrived), token, `${String(odd).replaceAll(token, '…')}: ${answer.status}`)
  }
  const other = await ask(login, '/api/session', { headers: { ...forged, cookie } })
  t.match(other.body, /"username":"Grace"/)
}

async function asksAsProgram(t: Test, scene: Scene, cookie: string): Promise<void> {
  const { ask, received, settings } = scene
  const count = received.length
  const loginUrl = `https://${login}/login?redirectUrl=${encodeURIComponent(inbox)}`
  const path = inbox.slice(`https://${app}`.length)
  for (const method of ['GET', 'POST', 'DELETE']) {
    const body = method === 'POST' ? 'x'.repeat(20_000) : ''
    const answer = await ask(app, path, { method, headers: json, body })
    t.equal(answer.status, 401, method)
    t.match(answer.headers['content-type'], /^application\/json/)
    t.strictSame(JSON.parse(answer.body), { error: 'notSignedIn', loginUrl })
  }
  const redirects = [
    ['GET', 302],
    ['HEAD', 302],
    ['POST', 303],
  ] as const
  for (const [method, status] of redirects) {
    const answer = await ask(app, path, { method, headers: html })
    t.match(answer, { status, headers: { location: loginUrl } }, method)
  }
  const own = await ask(app, '/inbox?rd=https://evil.example&authelia_url=x', { headers: json })
  t.equal(own.status, 401, "the app's own query is no word to Latchkey")

  for (const admin of ['/admin', '/admin/x?y=1', '/%61dmin', '/x/../admin', '//admin']) {
    const refused = await ask(app, admin, { headers: { ...json, cookie } })
    t.ok(refused.status === 403 || refused.status >= 400, `${admin}: ${refused.status}`)
  }
  const refused = await ask(app, '/admin', { headers: { ...json, cookie } })
  t.match(JSON.parse(refused.body), { error: 'forbidden', username: 'Grace' })
  t.equal(received.length, count, 'the app was never asked')

  const { code, err } = await runCommand(['accounts', 'set-groups', 'Grace', 'admins', 'staff'], settings)
  t.equal(code, 0, err)
  const answer = await ask(app, '/admin', { headers: { ...json, cookie } })
  t.equal(answer.status, 200)
  t.match(received.at(-1)?.headers, { 'remote-groups': 'admins,staff' })
}

async function misleads(t: Test, { ask, received, settings }: Scene, cookie: string): Promise<void> {
  await runCommand(['accounts', 'set-groups', 'Grace', '--none'], settings)
  const count = received.length
  const cases: [host: string, path: string][] = [
    [login, `https://${app}/admin`],
    [app, `https://${login}/admin`],
    ['APP.EXAMPLE.COM', '/admin'],
    ['app.example.com:443', '/admin'],
    ['app.example.com.', '/admin'],
    ['other.example.com', '/admin'],
    ['127.0.0.1', '/admin'],
  ]
  for (const [host, path] of cases) {
    const answer = await ask(app, path, { headers: { ...json, cookie, host } })
    t.equal(received.length, count, `${host} ${path}: ${answer.status}`)
  }
  const [upper] = [await ask(app, '/', { headers: { ...json, cookie, host: 'APP.example.com' } })]
  t.equal(upper.status, 200)
}

async function goesAway(t: Test, { ask, service, received }: Scene, cookie: string): Promise<void> {
  const count = received.length
  service.child.kill('SIGSTOP')
  const hanging = ask(app, '/', { headers: { ...json, cookie } }).then(
    ({ status }) => status,
    () => 599,
  )
  const status = await Promise.race([hanging, delay(6500, 598, { ref: false })])
  t.ok(status >= 500, `one that does not answer: ${status}`)
  await service.end('SIGKILL')
  for (const headers of [
    { ...json, cookie },
    { ...html, cookie },
  ]) {
    const answer = await ask(app, '/', { headers })
    t.ok(answer.status >= 500, String(answer.status))
  }
  t.equal(received.length, count)
}
