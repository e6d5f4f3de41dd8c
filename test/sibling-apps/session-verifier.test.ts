import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { projectFolder } from '../../src/project-folder.js'
import { verifySession } from '../../src/sibling-apps/session-verifier.js'
import { until } from '../database/until.js'
import { startTestService } from '../flows/test-service.js'

const password = 'correct horse battery'
const returnTo = 'https://app.example.com/inbox?a=b&c=d'

t.test('tells who is signed in by cookie or Bearer token, until they sign out', async (t) => {
  const service = await startTestService(t)
  const latchkeyUrl = `${service.origin}/`
  const register = new URLSearchParams({ username: 'Ada', password, confirmPassword: password })
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: service.origin }
  const registered = await fetch(`${service.origin}/register`, {
    method: 'POST',
    headers: form,
    body: register.toString(),
    redirect: 'manual',
  })
  const cookie = registered.headers.getSetCookie().find((each) => /session=[^;]/.test(each)) ?? ''
  const pair = cookie.split(';')[0] ?? ''
  const token = pair.split('=')[1] ?? ''
  const signedIn = { username: 'Ada', name: 'Ada', email: null, groups: [], expiresAt: /^\d{4}-/ }

  const headers: (Headers | Record<string, string | string[]>)[] = [
    { cookie: pair },
    { cookie: `theme=dark; ${pair}; a=b` },
    { cookie: ['a=b', pair] },
    { cookie: `${pair}; latchkey_session=${token.replace(/^./, (first) => (first === 'a' ? 'b' : 'a'))}` },
    new Headers({ cookie: pair }),
    { authorization: `Bearer ${token}` },
    { authorization: 'Basic abc', cookie: pair },
  ]
  for (const each of headers) {
    t.match(await verifySession({ latchkeyUrl, request: { headers: each } }), signedIn)
  }
  await service.database.query("update profiles set display_name = 'Countess of Lovelace'")
  const request = { headers: { cookie: pair } }
  await until(async () => {
    const person = await verifySession({ latchkeyUrl, request })
    return 'name' in person && person.name === 'Countess of Lovelace' && person.username === 'Ada'
  })
  const loginUrl = `${service.origin}/login?redirectUrl=${encodeURIComponent(returnTo)}`
  const strangers = [
    {},
    { cookie: 'a=b' },
    { cookie: `${pair}x` },
    { authorization: 'Bearer x', cookie: pair },
  ]
  for (const each of strangers) {
    const answer = await verifySession({ latchkeyUrl, request: { headers: each }, returnTo })
    t.strictSame(answer, { loginUrl }, JSON.stringify(Object.keys(each)))
  }
  await fetch(`${service.origin}/logout`, {
    method: 'POST',
    headers: { ...form, cookie: pair },
    redirect: 'manual',
  })
  const after = await verifySession({ latchkeyUrl, request: { headers: { cookie: pair } } })
  t.strictSame(after, { loginUrl: `${service.origin}/login` })
})

t.test('whatever is no clear answer counts as not signed in, within the time', async (t) => {
  const whole =
    '{"username":"root","name":"root","email":null,"groups":[],"expiresAt":"2030-01-01T00:00:00.000Z"}'
  const answers: [title: string, answer: RequestListener, problem: RegExp][] = [
    ['no answer', () => undefined, /did not answer: TimeoutError/],
    ['half an answer', (_req, reply) => void reply.write(whole), /did not answer: TimeoutError/],
    ['closed', (req) => void req.socket.destroy(), /did not answer/],
    ['503', (_req, reply) => void reply.writeHead(503).end(whole), /answered 503/],
    ['500', (_req, reply) => void reply.writeHead(500).end('x'), /did not answer: SyntaxError/],
    ['a redirect', (_req, reply) => void reply.writeHead(302, { location: '/x' }).end(whole), /answered 302/],
    ['no JSON', (_req, reply) => void reply.end('<html>'), /did not answer: SyntaxError/],
    ['null', (_req, reply) => void reply.end('null'), /answered 200/],
    ['no name', (_req, reply) => void reply.end(whole.replace('"username":"root",', '')), /answered 200/],
    ['an empty name', (_req, reply) => void reply.end(whole.replace('"root"', '""')), /answered 200/],
    [
      '401 with an odd address',
      (_req, reply) => void reply.writeHead(401).end('{"loginUrl":"javascript:alert(1)"}'),
      /answered 401/,
    ],
  ]
  for (const [title, answer, problem] of answers) {
    const latchkeyUrl = await serve(t, answer)
    const request = { headers: { cookie: 'latchkey_session=x' } }
    const began = performance.now()
    const result = await verifySession({ latchkeyUrl, request, returnTo, timeoutMs: 200 })
    t.match(
      result,
      { loginUrl: `${latchkeyUrl}/login?redirectUrl=${encodeURIComponent(returnTo)}`, problem },
      title,
    )
    t.notOk('username' in result, title)
    t.ok(performance.now() - began < 1500, title)
  }
  const nowhere = await verifySession({ latchkeyUrl: 'not an address', request: { headers: {} } })
  t.match(nowhere, { loginUrl: 'not an address/login', problem: /did not answer/ })
})

t.test('hands on nothing but its own proof', async (t) => {
  let seen: unknown
  const latchkeyUrl = await serve(t, (req, reply) => {
    seen = [req.headers.cookie, req.headers.authorization, req.headers['x-forwarded-for']]
    reply.end('{}')
  })
  const headers = {
    cookie: 'app=secret; __Secure-latchkey_session=x; not__Host-latchkey_session=y',
    authorization: 'Basic secret',
    'x-forwarded-for': '6.6.6.6',
  }
  await verifySession({ latchkeyUrl, request: { headers } })
  t.strictSame(seen, ['__Secure-latchkey_session=x', undefined, undefined])
})

t.test('is one file that needs no other', async (t) => {
  const file = join(projectFolder, 'src', 'sibling-apps', 'session-verifier.ts')
  t.notMatch(readFileSync(file, 'utf8'), /^import |require\(|import\(/m)
})

async function serve(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
