import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { until } from '../database/until.js'
import { startTestService, type TestService } from './test-service.js'

const password = 'correct horse battery'
const portal = 'https://login.example.com'
const settings = {
  PUBLIC_URL: portal,
  COOKIE_DOMAIN: 'example.com',
  TRUSTED_PROXIES: '127.0.0.1',
  ALLOWED_REDIRECT_ORIGINS: 'https://app.example.org',
}
const forwardAuth = '/api/authz/forward-auth'
const authRequest = '/api/authz/auth-request'
const page = 'text/html,application/xhtml+xml,*/*;q=0.8'
const identity = ['remote-user', 'remote-name', 'remote-email', 'remote-groups']

type Answer = { status: number; headers: IncomingHttpHeaders; body: string }
/** In the order in which they are sent; the same name may come twice. */
type HeaderLines = [name: string, value: string][]

async function ask(
  service: TestService,
  path: string,
  headers: HeaderLines,
  method = 'GET',
  body = '',
): Promise<Answer> {
  const sent = request(new URL(path, service.origin), {
    method,
    agent: false,
    headers: [['host', 'latchkey:3000'], ...headers].flat(),
  })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.setEncoding('utf8')
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode ?? 0, headers: response.headers, body: text }
}

/** What Traefik, Caddy and HAProxy send. */
function forwarded(method: string, address: string, others: Record<string, string> = {}): HeaderLines {
  const [, proto = '', host = '', uri = ''] = /^(\w+):\/\/([^/]*)(.*)$/.exec(address) ?? []
  return Object.entries({
    'x-forwarded-method': method,
    'x-forwarded-proto': proto,
    'x-forwarded-host': host,
    'x-forwarded-uri': uri,
    'x-forwarded-for': '203.0.113.7',
    ...others,
  })
}

/** What nginx sends. */
function original(method: string, address: string, others: Record<string, string> = {}): HeaderLines {
  return Object.entries({ 'x-original-method': method, 'x-original-url': address, ...others })
}

async function register(
  service: TestService,
  username: string,
  { email = '', groups = [] }: { email?: string; groups?: string[] } = {},
): Promise<{ cookie: string }> {
  const browser = service.browser()
  await browser.post('/register', { username, password, confirmPassword: password, email })
  await service.database.query(
    `update accounts
     set groups = $1, email_confirmed_at = case when email is not null then now() end
     where username = $2`,
    [groups, username],
  )
  return { cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; ') }
}

const service = await startTestService(t, settings)
const ada = await register(service, 'Ada', { email: 'Ada@Example.com', groups: ['staff', 'dev-ops'] })

const login = (address: string) => `${portal}/login?redirectUrl=${encodeURIComponent(address)}`

t.test('who is signed in gets in, with all four headers, by whatever method the proxy asks', async (t) => {
  const zoe = await register(service, 'Zoë')
  const address = 'https://app.example.com/inbox?folder=a'
  for (const [path, headers] of [
    [forwardAuth, forwarded],
    [authRequest, original],
  ] as const) {
    const first = await ask(service, path, headers('GET', address, ada), 'PUT')
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await ask(service, `${path}?rd=x`, headers('GET', address, ada), method)
      t.equal(answer.status, 200, `${method} ${path}`)
      t.strictSame({ ...answer.headers, date: undefined }, { ...first.headers, date: undefined })
      t.equal(answer.body, '')
      t.strictSame(
        identity.map((name) => answer.headers[name]),
        ['Ada', 'Ada', 'Ada@Example.com', 'staff,dev-ops'],
      )
      t.equal(answer.headers['set-cookie'], undefined)
    }
    t.match(first.headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    t.match(first.headers['strict-transport-security'], 'max-age=')
    t.equal(first.headers['content-security-policy'], undefined, 'there is no content')
    const plain = await ask(service, path, headers('DELETE', address, zoe))
    t.strictSame(
      identity.map((name) => plain.headers[name]),
      ['Zo%C3%AB', 'Zo%C3%AB', '', ''],
    )
    for (const target of [
      'https://example.com/',
      'https://app.example.org/',
      'wss://app.example.com/socket',
    ]) {
      t.equal((await ask(service, path, headers('GET', target, ada))).status, 200, target)
    }
  }
})

t.test('what is remembered of somebody follows every change', async (t) => {
  const address = 'https://app.example.com/'
  const eva = await register(service, 'Eva', { groups: ['staff'] })
  const asked = async (headers = forwarded('GET', address, eva)) => {
    const answer = await ask(service, forwardAuth, headers)
    return answer.status === 200 ? answer.headers['remote-groups'] : answer.status
  }
  const untilSoon = async (condition: () => Promise<boolean>) => {
    const since = performance.now()
    await until(condition)
    t.ok(performance.now() - since < 2000, 'within two seconds')
  }
  const awaitAnswer = async (wanted: string | number) => {
    await untilSoon(async () => (await asked()) === wanted)
    for (let time = 0; time < 3; time += 1) t.equal(await asked(), wanted)
  }
  await awaitAnswer('staff')
  t.equal(await asked([...forwarded('GET', address, eva), ['X-Forwarded-Host', 'evil.example']]), 400)
  const junk = Array.from({ length: 1500 }, (): [string, string] => ['a', ''])
  t.equal(
    await asked([...forwarded('GET', address, eva), ...junk, ['X-Forwarded-Host', 'evil.example']]),
    400,
    'however far apart',
  )
  t.equal(await asked([...junk, ...forwarded('GET', address, eva)]), 'staff')
  t.equal(
    await asked([['Cookie', 'theme=dark'], ...forwarded('GET', address, eva)]),
    'staff',
    'two cookie lines',
  )
  t.equal(await asked(forwarded('GET', address, { cookie: `${eva.cookie}; ${ada.cookie}` })), 401)
  await service.database.query("update accounts set groups = '{admins}' where username = 'Eva'")
  await awaitAnswer('admins')
  await service.database.query(
    `insert into profiles (account_id, display_name)
     select id, 'Eva Luna'
     from accounts
     where username = 'Eva'
     on conflict (account_id) do update
     set display_name = excluded.display_name`,
  )
  const shownName = async () =>
    (await ask(service, forwardAuth, forwarded('GET', address, eva))).headers['remote-name']
  await untilSoon(async () => (await shownName()) === 'Eva Luna')
  t.equal(await shownName(), 'Eva Luna')
  await service.database.query(
    'delete from sessions using accounts where accounts.id = account_id and username = $1',
    ['Eva'],
  )
  await awaitAnswer(401)
})

t.test('a question that comes with a body, from another site, is answered all the same', async (t) => {
  const strange: Record<string, string>[] = [
    { 'content-type': 'application/json', 'content-length': '2' },
    { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '2' },
    { 'content-type': 'application/x-www-form-urlencoded', 'transfer-encoding': 'chunked' },
    { 'transfer-encoding': 'chunked' },
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  ]
  for (const headers of strange) {
    const lines = forwarded('POST', 'https://app.example.com/', { ...ada, ...headers })
    const body = 'content-length' in headers || 'transfer-encoding' in headers ? '{}' : ''
    for (const method of ['POST', 'GET'])
      t.equal((await ask(service, forwardAuth, lines, method, body)).status, 200, JSON.stringify(headers))
  }
  const socket = connect(Number(new URL(service.origin).port), '127.0.0.1')
  const head = forwarded('GET', 'https://app.example.com/', { ...ada, host: 'latchkey:3000' })
  const text = head.map((line) => line.join(': ')).join('\r\n')
  for (const [body, connection] of [
    ['GET /login HTTP/1.1\r\n\r\n', 'keep-alive'],
    ['', 'close'],
  ] as const) {
    const about = `connection: ${connection}\r\ncontent-length: ${body.length}`
    socket.write(`GET ${forwardAuth} HTTP/1.1\r\n${text}\r\n${about}\r\n\r\n${body}`)
  }
  let seen = ''
  for await (const chunk of socket) seen += String(chunk)
  t.equal(seen.split('HTTP/1.1 200 OK').length - 1, 2, 'a body is not the next question')
  t.notMatch(seen, '<html')

  const post = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } }
  t.equal((await service.browser().send('/login', post)).status, 403, 'elsewhere nothing has changed')
})

t.test('forward-auth sends a browser to the login page, and tells others', async (t) => {
  const address = 'https://app.example.com/inbox?folder=a%20b&x=%C3%BC'
  const cases: [method: string, headers: Record<string, string>, status: number][] = [
    ['GET', { accept: page }, 302],
    ['HEAD', { accept: page }, 302],
    ['OPTIONS', { accept: page }, 302],
    ['GET', { accept: '*/*' }, 302],
    ['POST', { accept: page }, 303],
    ['PUT', { accept: page }, 303],
    ['PROPFIND', { accept: page }, 303],
    ['GET', {}, 401],
    ['GET', { accept: '' }, 401],
    ['GET', { accept: 'application/json' }, 401],
    ['GET', { accept: 'application/json, */*' }, 401],
    ['GET', { accept: page, 'x-requested-with': 'XMLHttpRequest' }, 401],
    ['POST', { accept: 'application/json' }, 401],
  ]
  for (const [method, headers, status] of cases) {
    const answer = await ask(service, forwardAuth, forwarded(method, address, headers))
    t.equal(answer.status, status, `${method} ${JSON.stringify(headers)}`)
    t.equal(answer.headers.location, login(address))
    if (status === 401)
      t.strictSame(JSON.parse(answer.body), { error: 'notSignedIn', loginUrl: login(address) })
    else t.equal(answer.body, '')
    for (const name of identity) t.notOk(name in answer.headers, name)
  }
  const asked = await ask(service, forwardAuth, forwarded('GET', address, { accept: page }), 'HEAD')
  t.equal(asked.status, 302)
  t.equal(asked.headers.location, login(address))
})

t.test('auth-request always says 401 and where to sign in', async (t) => {
  const address = 'https://app.example.com/inbox?folder=a'
  for (const method of ['GET', 'POST', 'HEAD']) {
    const browser = await ask(service, authRequest, original(method, address, { accept: page }))
    t.equal(browser.status, 401)
    t.equal(browser.headers.location, login(address))
    t.match(browser.headers['content-type'], 'text/html')
    t.match(browser.body, `href="${login(address)}"`)
    const program = await ask(service, authRequest, original(method, address))
    t.equal(program.status, 401)
    t.equal(program.headers.location, login(address))
    t.strictSame(JSON.parse(program.body), { error: 'notSignedIn', loginUrl: login(address) })
  }
})

t.test('the address of the login page works: from the app to the app', async (t) => {
  const address = 'https://app.example.com:8443/in%20box?x=%2F&y=ü'
  const { headers } = await ask(
    service,
    forwardAuth,
    forwarded('GET', encodeURI(address).replaceAll('%25', '%'), { accept: page }),
  )
  const { pathname, search } = new URL(headers.location ?? '')
  const browser = service.browser()
  t.equal((await browser.get(pathname + search)).status, 200)
  const signedIn = await browser.post(pathname + search, { username: 'Ada', password })
  t.equal(signedIn.location, 'https://app.example.com:8443/in%20box?x=%2F&y=%C3%BC')
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ')
  t.equal(
    (await ask(service, forwardAuth, forwarded('GET', signedIn.location ?? '', { cookie }))).status,
    200,
  )
  const policy = signedIn.headers.get('content-security-policy')
  t.match(
    policy,
    "form-action 'self' https://login.example.com https://*.example.com:* https://example.com:* https://app.example.org;",
  )
})

t.test('malformed questions get 400 and a sentence, signed in or not', async (t) => {
  const good = 'https://app.example.com/'
  const without = (lines: HeaderLines, name: string) => lines.filter(([each]) => each !== name)
  const twice = (lines: HeaderLines, name: string): HeaderLines => [
    ...lines,
    ...lines.filter(([each]) => each === name),
  ]
  const cases: [path: string, headers: HeaderLines][] = [
    ...['method', 'proto', 'host', 'uri'].flatMap((name): [string, HeaderLines][] => [
      [forwardAuth, without(forwarded('GET', good), `x-forwarded-${name}`)],
      [forwardAuth, twice(forwarded('GET', good), `x-forwarded-${name}`)],
      [forwardAuth, [...without(forwarded('GET', good), `x-forwarded-${name}`), [`x-forwarded-${name}`, '']]],
    ]),
    ...['method', 'url'].flatMap((name): [string, HeaderLines][] => [
      [authRequest, without(original('GET', good), `x-original-${name}`)],
      [authRequest, twice(original('GET', good), `x-original-${name}`)],
    ]),
    [forwardAuth, original('GET', good)],
    [authRequest, forwarded('GET', good)],
    ...['get', 'GET POST', '*'].flatMap((method): [string, HeaderLines][] => [
      [forwardAuth, forwarded(method, good)],
      [authRequest, original(method, good)],
    ]),
    ...[
      'ftp://app.example.com/',
      'javascript://app.example.com/',
      'https://ada@app.example.com/',
      'https://ada:secret@app.example.com/',
      'https://app.example.com.evil.example/',
      'https://evilexample.com/',
      'https://evil.example/',
      'https://app.example.com@evil.example/',
      'https://app.example.com\\.evil.example/',
      'https://app.example.com\\@evil.example/',
      'https://app.example.com//evil.example',
      'https://app.example.com/\\evil.example',
      'https://app.example.com/a b',
      'https://app.example.com/a\tb',
      'https://app.example.com:99999/',
      'https://[::1]/',
      'https://127.0.0.1/',
      'http://app.example.com/',
      'https://other.example.org/',
      'https://app.example.org:8443/',
      `https://app.example.com/${'x'.repeat(4100)}`,
    ].flatMap((address): [string, HeaderLines][] => [
      [forwardAuth, forwarded('GET', address)],
      [authRequest, original('GET', address)],
    ]),
    [forwardAuth, [...without(forwarded('GET', good), 'x-forwarded-uri'), ['x-forwarded-uri', good]]],
    [
      forwardAuth,
      [
        ...without(forwarded('GET', good), 'x-forwarded-host'),
        ['x-forwarded-host', 'b\u00fccher.example.com'],
      ],
    ],
    [
      forwardAuth,
      [...without(forwarded('GET', good), 'x-forwarded-host'), ['x-forwarded-host', 'app.example.com/x']],
    ],
  ]
  for (const [path, headers] of cases) {
    const isLong = headers.some(([, value]) => value.length > 4096)
    for (const cookie of isLong ? [''] : ['', ada.cookie]) {
      const answer = await ask(service, path, [...headers, ['accept', page], ['cookie', cookie]])
      t.equal(answer.status, 400, `${path} ${JSON.stringify(headers).slice(0, 200)}`)
      t.match(JSON.parse(answer.body), { error: 'invalidRequest', message: /^[A-Z].*\.$/ })
      t.equal(answer.headers.location, undefined)
      for (const name of identity) t.notOk(name in answer.headers, name)
    }
  }
  const long = forwarded('GET', `https://app.example.com/${'x'.repeat(4100)}`, ada)
  t.equal((await ask(service, forwardAuth, long)).status, 200, 'a long address stops only a redirect')
  t.notMatch(JSON.stringify(service.logged()), 'secret')
})

t.test(
  'a query of the question is not looked at: guides name the portal there, Caddy hands on that of the app',
  async (t) => {
    const queries = [
      'authelia_url=https%3A%2F%2Flogin.example.com%2F',
      'rd=https://evil.example',
      'rd=1&rd=2&other=x',
    ]
    for (const query of queries) {
      const answer = await ask(
        service,
        `${forwardAuth}?${query}`,
        forwarded('GET', 'https://app.example.com/', ada),
      )
      t.equal(answer.status, 200, query)
    }
  },
)

t.test('only listed proxies are believed, and everybody else is told why not', async (t) => {
  const address = 'https://app.example.com/'
  for (const proxies of ['', '10.0.0.0/8']) {
    const service = await startTestService(t, { ...settings, TRUSTED_PROXIES: proxies })
    const ada = await register(service, 'Ada')
    for (const [path, headers] of [
      [forwardAuth, forwarded('GET', address, { ...ada, accept: page })],
      [authRequest, original('GET', address, { ...ada, 'x-forwarded-for': '127.0.0.1' })],
    ] as const) {
      const answer = await ask(service, path, headers)
      t.equal(answer.status, 400, `${path} ${proxies}`)
      const { message, requestId } = JSON.parse(answer.body) as { message: string; requestId: string }
      t.match(service.logged().at(-1), { msg: 'a question of a proxy was refused', reqId: requestId })
      t.match(message, /127\.0\.0\.1, which is not listed in TRUSTED_PROXIES/)
      t.notOk('remote-user' in answer.headers)
    }
  }
})

t.test('without PUBLIC_URL the gate says what is missing instead of guessing a login page', async (t) => {
  const service = await startTestService(t, { TRUSTED_PROXIES: '127.0.0.1' })
  const answer = await ask(
    service,
    forwardAuth,
    forwarded('GET', 'https://app.example.com/', { accept: page }),
  )
  t.equal(answer.status, 400)
  t.match(answer.body, 'PUBLIC_URL is not set')
})

const ruled = await startTestService(t, {
  ...settings,
  ACCESS_RULES:
    'wiki.example.com/admin : admins\nwiki.example.com : signed-in\nclosed.example.com : nobody; * : staff',
})
const eve = await register(ruled, 'Eve', { groups: ['admins'] })
const bob = await register(ruled, 'Bob', { groups: ['staff'] })

t.test('rules decide who of the signed-in may open what', async (t) => {
  const cases: [who: { cookie: string }, address: string, status: number][] = [
    [eve, 'https://wiki.example.com/admin/users?x', 200],
    [bob, 'https://wiki.example.com/admin/users?x', 403],
    [bob, 'https://wiki.example.com:8443/admin', 403],
    [bob, 'https://WIKI.example.com/admin', 403],
    [bob, 'https://wiki.example.com/x/../admin', 403],
    [bob, 'https://wiki.example.com/Admin', 403],
    [bob, 'https://wiki.example.com/%61dmin', 403],
    [bob, 'https://wiki.example.com/?/admin', 200],
    [bob, 'https://wiki.example.com/administrator', 200],
    [bob, 'https://app.example.com/', 200],
    [bob, 'https://closed.example.com/', 403],
    [eve, 'https://app.example.com/', 403],
  ]
  for (const [who, address, status] of cases) {
    for (const [path, headers] of [
      [forwardAuth, forwarded],
      [authRequest, original],
    ] as const) {
      const answer = await ask(ruled, path, headers('GET', address, { ...who, accept: page }))
      t.equal(answer.status, status, address)
      t.equal('remote-user' in answer.headers, status === 200)
    }
  }
  const stranger = await ask(ruled, forwardAuth, forwarded('GET', 'https://wiki.example.com/admin'))
  t.equal(stranger.status, 401, 'who is not signed in learns nothing of the rules')
})

t.test('a refusal names the account and the way to sign in as somebody else', async (t) => {
  const address = 'https://closed.example.com/a?b=<script>'
  const switchUrl = `${portal}/logout?redirectUrl=${encodeURIComponent('https://closed.example.com/a?b=%3Cscript%3E')}`
  const browser = await ask(ruled, forwardAuth, forwarded('GET', address, { ...bob, accept: page }))
  t.equal(browser.status, 403)
  t.match(browser.body, /signed in as <strong>Bob<\/strong>/)
  t.match(browser.body, `href="${switchUrl}"`)
  t.notMatch(browser.body, '<script')
  t.notMatch(browser.body, 'start page', 'which is closed too')
  t.match(browser.headers['content-security-policy'], `style-src ${portal};`)
  t.match(browser.body, `href="${portal}/assets/latchkey`, 'the page is shown at the address of the app')
  const [style = ''] = /\/assets\/latchkey[^"]+/.exec(browser.body) ?? []
  const asset = await ruled.browser().get(style)
  t.equal(asset.headers.get('cross-origin-resource-policy'), 'cross-origin')
  const program = await ask(ruled, authRequest, original('GET', address, bob))
  t.equal(program.status, 403)
  t.match(JSON.parse(program.body), {
    error: 'forbidden',
    username: 'Bob',
    message: /^Bob has no access/,
    switchUrl,
  })
  const { pathname, search } = new URL(switchUrl)
  t.match((await ruled.browser().get(pathname + search)).body, 'Sign out?')
})

t.test("answers that reach the browser under the app's name promise nothing for its host", async (t) => {
  const address = 'https://closed.example.com/'
  for (const headers of [{ accept: page }, {}, { ...bob, accept: page }, bob]) {
    const answer = await ask(ruled, forwardAuth, forwarded('GET', address, headers))
    t.equal(answer.headers['strict-transport-security'], undefined)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.equal(answer.headers['x-content-type-options'], 'nosniff')
  }
})

t.test('a proxy is told when the database is away, and nobody is let in meanwhile', async (t) => {
  const service = await startTestService(t, settings)
  const ada = await register(service, 'Ada')
  await service.database.close()
  const answer = await ask(service, forwardAuth, forwarded('GET', 'https://app.example.com/', ada))
  t.ok(answer.status >= 500, String(answer.status))
  t.notOk('remote-user' in answer.headers)
})
