import { connect } from 'node:net'
import { once } from 'node:events'
import t from 'tap'
import { startTestService, type TestService } from './test-service.js'

const password = 'correct horse battery'
const ada = { username: 'Ada', password, confirmPassword: password }
const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** Sends bytes as they are and returns all that comes back until the other side hangs up. */
async function sendRaw(service: TestService, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(service.origin).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => (answer += String(chunk))).on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

t.test('forms sent by other sites are refused, login included, and change nothing', async (t) => {
  const service = await startTestService(t)
  await service.browser().post('/register', ada)
  const strangers: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', origin: service.origin },
    { 'sec-fetch-site': 'bogus' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: `${service.origin}.evil.example` },
    { origin: service.origin.replace('127.0.0.1', 'localhost') },
  ]
  for (const headers of strangers) {
    for (const path of ['/login', '/register', '/logout', '/nope']) {
      const page = await service.browser().send(path, {
        method: 'POST',
        body: new URLSearchParams({ username: 'Ada', password, confirmPassword: password }),
        headers: { accept: 'text/html', ...headers },
      })
      t.equal(page.status, 403, `${path} ${JSON.stringify(headers)}`)
      t.match(page.body, 'This form came from another website')
      t.equal(page.headers.get('set-cookie'), null)
    }
  }
  t.equal((await service.database.query('select 1 from sessions')).rowCount, 1)
})

t.test('a refused form leads back to the page with its destination, which works at once', async (t) => {
  const service = await startTestService(t)
  const browser = service.browser()
  await browser.post('/register', ada)
  const path = '/login?redirectUrl=%2Flogout'
  const refused = await browser.post(path, { username: 'Ada', password }, { 'sec-fetch-site': 'cross-site' })
  t.match(refused.body, `href="${path}"`)
  t.equal((await browser.post(path, { username: 'Ada', password })).location, '/logout')
})

t.test("our own forms and programs without a browser's headers are let in", async (t) => {
  const service = await startTestService(t)
  await service.browser().post('/register', ada)
  const friends: Record<string, string>[] = [
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { origin: service.origin },
    { origin: service.origin.replace('http:', 'https:') },
    {},
  ]
  for (const headers of friends) {
    const body = new URLSearchParams({ username: 'Ada', password })
    const page = await service.browser().send('/login', { method: 'POST', body, headers })
    t.equal(page.status, 303, JSON.stringify(headers))
  }
})

t.test('fields of the wrong number, shape or bytes are refused beside their label', async (t) => {
  const service = await startTestService(t)
  const bodies: [body: string, words: string][] = [
    ['username=a&username=b&password=x', 'More than one username'],
    ['username=a&password=x&password=y', 'More than one password'],
    ['username=a%00b&password=x', 'cannot be read'],
    ['username=a&password=x%00', 'cannot be read'],
    ['username=a&password=%FF', 'cannot be read'],
    ['username=a&password=%ED%A0%80', 'cannot be read'],
    ['username[]=a&password[$ne]=x', 'Enter your username'],
    ['__proto__[username]=a&constructor=b', 'Enter your username'],
    ['', 'Enter your username'],
    ['%', 'Enter your username'],
    ['username=%E0%A4&password=%zz', 'cannot be read'],
  ]
  for (const [body, words] of bodies) {
    const page = await service.browser().send('/login', { method: 'POST', body, headers: form })
    t.equal(page.status, 400, body)
    t.match(page.body, words, body)
  }
  for (const body of [
    'username=a&username=b',
    'username=a%00b',
    'password=%FF&username=bob',
    'email=a%0d%0ab@c.de',
  ]) {
    t.equal(
      (await service.browser().send('/register', { method: 'POST', body, headers: form })).status,
      400,
      body,
    )
  }
})

t.test('what is no form is refused with the right status', async (t) => {
  const service = await startTestService(t)
  const cases: [init: { method: string; body?: string; headers?: Record<string, string> }, status: number][] =
    [
      [{ method: 'POST', body: '{"username":"a"}', headers: { 'content-type': 'application/json' } }, 415],
      [{ method: 'POST', body: 'username=a', headers: { 'content-type': 'text/plain' } }, 415],
      [{ method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 415],
      [{ method: 'POST', body: 'x', headers: { 'content-type': ';;;' } }, 415],
      [{ method: 'POST', body: `username=${'x'.repeat(40_000)}`, headers: form }, 413],
      [{ method: 'PUT', body: 'username=a', headers: form }, 405],
      [{ method: 'DELETE' }, 405],
      [{ method: 'OPTIONS' }, 405],
      [{ method: 'QUERY', body: 'username=a', headers: form }, 405],
      [{ method: 'POST' }, 400],
      [{ method: 'HEAD' }, 200],
    ]
  for (const [init, status] of cases) {
    const page = await service.browser().send('/login', init)
    t.equal(page.status, status, JSON.stringify(init).slice(0, 100))
    t.match(page.headers.get('content-type'), 'text/html; charset=utf-8')
    if (status === 405) t.equal(page.headers.get('allow'), 'GET, HEAD, POST')
  }
})

t.test('strange paths end on known pages and never leave the site', async (t) => {
  const service = await startTestService(t)
  const paths: [path: string, status: number][] = [
    ['/%6cogin', 200],
    ['/login/', 404],
    ['/LOGIN', 404],
    ['//evil.example', 404],
    ['/%2e%2e/etc/passwd', 404],
    ['/assets/../package.json', 404],
    ['/assets/%2e%2e%2fpackage.json', 404],
    ['/%zz', 400],
    ['/%00', 404],
    ['/login;x=y', 404],
    ['/__proto__', 404],
    [`/${'x'.repeat(8000)}`, 404],
  ]
  for (const [path, status] of paths) {
    const answer = await sendRaw(
      service,
      `GET ${path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\r\n`,
    )
    t.match(answer, `HTTP/1.1 ${status} `, path)
    t.match(answer, 'content-type: text/html; charset=utf-8')
    t.match(answer, "content-security-policy: default-src 'none'")
    t.notMatch(answer, /\n\s+at |node_modules|passwd:|href="\/\/evil/)
  }
})

t.test('hosts that would build another address are refused', async (t) => {
  const service = await startTestService(t)
  for (const host of [
    'a@evil.example',
    'evil.example/x',
    'evil.example?',
    'a b',
    '[',
    'x:99999',
    'x#',
    'x\\y',
  ]) {
    const answer = await sendRaw(service, `GET /login HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    t.match(answer, /^HTTP\/1.1 400 /, host)
  }
  t.match(await sendRaw(service, 'GET /login HTTP/1.0\r\n\r\n'), /^HTTP\/1.1 400 /)
})

t.test('bytes that are no request get a short page', async (t) => {
  const service = await startTestService(t)
  t.match(await sendRaw(service, 'nonsense\r\n\r\n'), /^HTTP\/1.1 400 Bad Request[^]*<h1>400/)
  const headers = `GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'x'.repeat(20_000)}\r\n\r\n`
  t.match(await sendRaw(service, headers), /^HTTP\/1.1 431 [^]*cookies/)
  const smuggled =
    'POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'
  t.match(await sendRaw(service, smuggled), /^HTTP\/1.1 400 /)
})

t.test('clients that send slowly are cut off', async (t) => {
  const service = await startTestService(t, { REQUEST_TIMEOUT_SECONDS: '1' })
  const slow = [
    'GET /login HTTP/1.1\r\nhost: x\r\n',
    'POST /login HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 99\r\n\r\nuser',
  ]
  const answers = await Promise.all(slow.map((bytes) => sendRaw(service, bytes)))
  for (const answer of answers) t.match(answer, /^HTTP\/1.1 408 /)
})

t.test('requests that wait for no answer are hung up on, and others do not notice', async (t) => {
  const service = await startTestService(t)
  const pipelined = 'GET /login HTTP/1.1\r\nhost: x\r\n\r\n'
  const answer = await sendRaw(service, pipelined.repeat(500))
  t.ok(answer.split('HTTP/1.1 200').length <= 5, 'at most four are answered')
  t.equal((await service.browser().get('/login')).status, 200)
})

t.test('names and addresses of any length are judged at once', async (t) => {
  const service = await startTestService(t)
  // One sign that unfolds to eighteen letters; before there was a limit, this kept every page waiting for seconds.
  const long = '\ufdfa'.repeat(3000)
  const body = `username=${long}&email=${long}&password=correcthorse9&confirmPassword=correcthorse9`
  const send = () => service.browser().send('/register', { method: 'POST', body, headers: form })
  t.equal((await send()).status, 400)
  const before = process.cpuUsage()
  await send()
  t.ok(process.cpuUsage(before).user < 100_000, 'less than 0.1 s of work')
})

t.test('errors are JSON for callers that ask for it, with the same number as in the log', async (t) => {
  const service = await startTestService(t)
  const json = { accept: 'application/json' }
  const browser = service.browser()
  const cases: [path: string, headers: Record<string, string>, type: string][] = [
    ['/nope', json, 'application/json; charset=utf-8'],
    ['/api/nope', { accept: 'text/html' }, 'application/json; charset=utf-8'],
    ['/nope', { accept: 'application/problem+json' }, 'application/json; charset=utf-8'],
    ['/nope', { accept: 'text/html,application/json' }, 'text/html; charset=utf-8'],
    ['/nope', { accept: '*/*' }, 'text/html; charset=utf-8'],
  ]
  for (const [path, headers, type] of cases) {
    const page = await browser.get(path, headers)
    t.equal(page.status, 404)
    t.equal(page.headers.get('content-type'), type)
    t.match(page.body, page.headers.get('x-request-id') ?? 'no id')
  }
})

t.test('a failure of ours shows its number and nothing else, and is logged once with it', async (t) => {
  const service = await startTestService(t)
  await service.database.query('alter table accounts drop column password_hash')
  const page = await service.browser().post('/login', { username: 'Ada', password })
  t.equal(page.status, 500)
  const id = page.headers.get('x-request-id')
  t.match(page.body, id ?? 'no id')
  t.notMatch(page.body, /select |relation|accounts|Error:|\n\s+at |node_modules/)
  t.equal(service.logged().filter((line) => line.reqId === id && line.level === 50).length, 1)
})

t.test('every answer carries the protective headers and is small', async (t) => {
  const service = await startTestService(t, {
    ALLOWED_REDIRECT_ORIGINS: 'https://app.example.com https://*.example.org',
  })
  const browser = service.browser()
  const login = await browser.get('/login')
  for (const page of [
    login,
    await browser.get('/nope'),
    await browser.post('/login'),
    await browser.get('/healthz'),
  ]) {
    t.equal(
      page.headers.get('content-security-policy'),
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
        "connect-src 'self'; form-action 'self' https://app.example.com https://*.example.org; base-uri 'none'; frame-ancestors 'none'",
    )
    t.equal(page.headers.get('x-content-type-options'), 'nosniff')
    t.equal(page.headers.get('referrer-policy'), 'same-origin')
    t.equal(page.headers.get('cache-control'), 'no-store')
    t.equal(page.headers.get('x-powered-by'), null)
  }
  t.notMatch(login.body, / style=| onclick=|<script>|<style/)
  const assets = [...login.body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path)
  t.equal(new Set(assets).size, 4)
  let bytes = login.body.length
  for (const path of new Set(assets)) {
    const asset = await browser.get(path)
    t.equal(asset.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    bytes += asset.body.length
  }
  t.ok(bytes < 30_000, `${bytes} bytes in all`)
})
