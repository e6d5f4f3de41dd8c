import t, { type Test } from 'tap'
import { startTestService, type TestService } from '../flows/test-service.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'
import { foreignHeaders, hostileRequests } from './hostile-requests.js'

const password = 'correct horse battery'
const wrong = 'a wrong guess indeed'
const ada = { username: 'Ada', password, email: 'ada@example.com' }
const routes = ['/api/login', '/api/register', '/api/logout']

const contract = new ApiContract()
const clientOf = (t: Test, service: TestService) => new ApiClient(t, contract, service.origin)

async function startWithAda(t: Test, settings: Record<string, string> = {}) {
  const service = await startTestService(t, { FAILED_ATTEMPTS_PER_ADDRESS: '1000000', ...settings })
  const owner = clientOf(t, service)
  await owner.post('/api/register', ada)
  return { service, owner }
}

t.test('a program registers, is signed in, signs out, and signs in again', async (t) => {
  const service = await startTestService(t)
  const client = clientOf(t, service)
  const registered = await client.post('/api/register', ada)
  t.equal(registered.status, 201)
  t.match(registered.json, { username: 'Ada', name: 'Ada' })
  t.strictSame([...client.cookies.keys()].toSorted(), [
    'access_token',
    'latchkey_device',
    'latchkey_session',
    'refresh_token',
  ])
  for (const value of client.cookies.values())
    t.notMatch(JSON.stringify(registered.json), value, 'tokens are in cookies only')
  const session = await client.get('/api/session')
  t.match(session.json, {
    username: 'Ada',
    email: null,
    expiresAt: registered.json['expiresAt'],
  })

  const token = client.cookies.get('latchkey_session') ?? ''
  t.strictSame((await client.post('/api/logout')).json, { signedOut: true })
  t.strictSame([...client.cookies.keys()], ['latchkey_device'])
  t.equal((await client.get('/api/session', { authorization: `Bearer ${token}` })).status, 401)
  t.equal((await client.get('/api/session')).status, 401)

  for (const username of ['Ada', ' ada ', 'ADA@example.com']) {
    const signedIn = await client.post('/api/login', { username, password })
    t.equal(signedIn.status, 200)
    t.match(signedIn.json, { username: 'Ada', name: 'Ada' })
    t.equal((await client.get('/api/session')).status, 200)
  }
  t.strictSame(
    service.logged().flatMap(({ msg }) => (/^(registered|signed)/.test(String(msg)) ? [msg] : [])),
    ['registered', 'signed out', 'signed in', 'signed in', 'signed in'],
  )
})

t.test('signing in ends the session that was there before; signing out needs none', async (t) => {
  const { service, owner } = await startWithAda(t)
  const before = owner.cookies.get('latchkey_session') ?? ''
  await owner.post('/api/login', { username: 'Ada', password })
  t.equal((await owner.get('/api/session', { authorization: `Bearer ${before}` })).status, 401)

  t.equal((await clientOf(t, service).post('/api/logout')).status, 200)
  t.equal((await clientOf(t, service).send('POST', '/api/logout')).status, 200, 'without any body')
  t.equal(
    (await owner.send('POST', '/api/logout', { headers: { 'content-type': 'application/json' } })).status,
    200,
  )
  t.equal((await owner.get('/api/session')).status, 401)
})

t.test('a page and a program share one session and one count of failures', async (t) => {
  const { service, owner } = await startWithAda(t)
  const browser = service.browser()
  for (const [name, value] of owner.cookies) browser.cookies.set(name, value)
  t.equal((await browser.get('/dashboard')).status, 200)

  const guessByPage = async () =>
    (await service.browser().post('/login', { username: 'Ada', password: wrong })).body
  const guess = () => clientOf(t, service).post('/api/login', { username: 'Ada', password: wrong })
  t.match(await guessByPage(), 'Attempt 1 of 20.')
  t.match((await guess()).json, {
    error: 'incorrectPassword',
    message: /Attempt 2 of 20\. After 5 you have to wait 15 minutes\.$/,
    attempt: 2,
    limit: 20,
  })
  t.match(await guessByPage(), 'Attempt 3 of 20.')
})

t.test('the 5th failure starts a cooldown and the 20th locks, as on the page', async (t) => {
  const { service, owner } = await startWithAda(t)
  const guess = (typed = wrong) =>
    clientOf(t, service).post('/api/login', { username: 'Ada', password: typed })
  for (let attempt = 1; attempt < 5; attempt++)
    t.match((await guess()).json, {
      attempt,
      limit: 20,
      message:
        attempt < 4
          ? /Attempt \d of 20\. After 5 .* 15 minutes\.$/
          : /Attempt 4 of 20\. One more .* wait 15 minutes\.$/,
    })
  const fifth = await guess()
  t.equal(fifth.status, 429)
  t.equal(fifth.headers.get('retry-after'), '900')
  t.match(fifth.json, { error: 'coolingDown', message: /in 15 minutes/, retryAfterSeconds: 900 })
  t.equal((await guess(password)).status, 429)

  service.passSeconds(901)
  for (let attempt = 6; attempt < 20; attempt++) t.match((await guess()).json, { attempt, limit: 20 })
  const locked = await guess()
  t.equal(locked.status, 403)
  t.match(locked.json, { error: 'locked', message: /^This account is locked\./ })
  t.equal((await guess(password)).status, 403)
  t.equal(
    (await owner.post('/api/login', { username: 'Ada', password })).status,
    200,
    'a known device is let in',
  )
})

t.test('too many failures from one network are told as such', async (t) => {
  const { service } = await startWithAda(t, { FAILED_ATTEMPTS_PER_ADDRESS: '2' })
  for (const username of ['Bob', 'Eve'])
    t.match((await clientOf(t, service).post('/api/login', { username, password })).json, {
      error: 'usernameNotFound',
    })
  const answer = await clientOf(t, service).post('/api/login', { username: 'Ada', password })
  t.match(answer.json, { error: 'addressCoolingDown', message: /from your network/ })
})

t.test('whether an account exists is told as on the page, or not at all', async (t) => {
  const { service } = await startWithAda(t)
  const tell = async (username: string) =>
    (await clientOf(t, service).post('/api/login', { username, password: wrong })).json
  t.match(await tell('Bob'), { error: 'usernameNotFound', message: /^No account has this username\./ })
  t.match(await tell('bob@example.com'), { message: /^No account has this e-mail address\./ })
  t.match(await tell('Ada'), { error: 'incorrectPassword', message: /^This password is not right\./ })

  const silent = await startWithAda(t, { REVEAL_ACCOUNT_EXISTENCE: 'false' })
  for (let round = 0; round < 21; round++) {
    const answers = []
    for (const username of ['Ada', 'Abe']) {
      const { status, headers, json } = await clientOf(t, silent.service).post('/api/login', {
        username,
        password: wrong,
      })
      const { requestId: _, ...rest } = json
      answers.push({ status, rest, retry: headers.get('retry-after') })
    }
    t.strictSame(answers[0], answers[1])
    if (round === 0) t.match(answers[0]?.rest, { error: 'incorrectCredentials', attempt: 1, limit: 20 })
    if (answers[0]?.status === 429) silent.service.passSeconds(901)
  }
})

t.test('every field that cannot be used is named, in the words of the page', async (t) => {
  const { service } = await startWithAda(t)
  const good = { username: 'Bob', password, email: 'bob@example.com' }
  const cases: [path: string, body: object, problems: Record<string, RegExp>][] = [
    ['/api/login', {}, { username: /^Enter your username/, password: /^Enter your password/ }],
    ['/api/login', { username: null, password: '' }, { username: /^Enter/, password: /^Enter/ }],
    ['/api/login', { username: ' ', password }, { username: /^Enter/ }],
    ['/api/login', { username: 'a\0b', password: '\0' }, { username: /be read/, password: /be read/ }],
    ['/api/login', { username: '\ud800', password: 'x\udc00' }, { username: /be read/, password: /be read/ }],
    ['/api/login', { username: '\ufffd', password: '\ufffd' }, { username: /be read/, password: /be read/ }],
    [
      '/api/login',
      { username: ['Ada', 'Eve'], password: [] },
      { username: /^More than one/, password: /^More than one/ },
    ],
    [
      '/api/login',
      { username: 'x'.repeat(255), password: 'x'.repeat(257) },
      { username: /longer/, password: /longer/ },
    ],
    ['/api/register', {}, { username: /^Choose a username/, password: /^Choose a password/ }],
    ['/api/register', { ...good, username: 'a b' }, { username: /no spaces/ }],
    ['/api/register', { ...good, username: 'a\0b' }, { username: /be read/ }],
    ['/api/register', { ...good, username: ['Bob'] }, { username: /^More than one/ }],
    ['/api/register', { ...good, password: 'short' }, { password: /at least 8/ }],
    ['/api/register', { ...good, password: 'password' }, { password: /first that anybody/ }],
    ['/api/register', { ...good, password: '\ud800'.repeat(9) }, { password: /be read/ }],
    ['/api/register', { ...good, password: [password, password] }, { password: /^More than one/ }],
    ['/api/register', { ...good, confirmPassword: wrong }, { confirmPassword: /differs/ }],
    ['/api/register', { ...good, confirmPassword: '' }, { confirmPassword: /second time/ }],
    ['/api/register', { ...good, email: 'x@y.z\r\nBcc: a@b.c' }, { email: /not an e-mail address/ }],
    ['/api/register', { ...good, email: ['a@b.c'] }, { email: /^More than one/ }],
  ]
  for (const [path, body, problems] of cases) {
    const answer = await clientOf(t, service).post(path, body)
    t.equal(answer.status, 400, JSON.stringify(body))
    t.equal(answer.json['error'], 'invalidFields')
    const told = answer.json['problems'] as { field: string; message: string }[]
    t.strictSame(
      told.map(({ field }) => field),
      Object.keys(problems),
    )
    for (const { field, message } of told) t.match(message, problems[field], field)
    t.notMatch(JSON.stringify(answer.json), password)
    t.equal(answer.headers.get('set-cookie'), null)
  }
  t.equal((await service.database.query('select from accounts')).rowCount, 1)
  t.equal((await service.database.query('select from failed_attempts')).rowCount, 0)
})

t.test(
  'a name or an address that somebody has is refused; without an address, or with the password twice, all is well',
  async (t) => {
    const { service } = await startWithAda(t)
    const taken = await clientOf(t, service).post('/api/register', { username: 'ADA', password })
    t.equal(taken.status, 409)
    t.match(taken.json, { error: 'usernameUnavailable', problems: [{ field: 'username' }] })
    const known = await clientOf(t, service).post('/api/register', { ...ada, username: 'Bob' })
    t.equal(known.status, 409)
    t.match(known.json, { error: 'emailUnavailable', problems: [{ field: 'email' }] })
    for (const [index, more] of [
      {},
      { email: null },
      { email: '' },
      { confirmPassword: password },
    ].entries()) {
      const answer = await clientOf(t, service).post('/api/register', {
        username: `bob${index}`,
        password,
        ...more,
      })
      t.equal(answer.status, 201)
    }
  },
)

t.test('nobody is sent anywhere, whatever the address says', async (t) => {
  const { service } = await startWithAda(t)
  const body = { username: 'Ada', password, redirectUrl: 'https://evil.example' }
  const client = clientOf(t, service)
  for (const path of routes.filter((each) => each !== '/api/register')) {
    const answer = await client.post(`${path}?redirectUrl=https://evil.example&redirectUrl=//x`, body)
    t.equal(answer.status, 200)
    t.notMatch(JSON.stringify(answer.json), 'evil')
  }
})

t.test('bodies that are no flat JSON object are refused, each in words, and change nothing', async (t) => {
  const { service, owner } = await startWithAda(t)
  for (const path of routes) {
    for (const [type, body, status, code] of hostileRequests) {
      const headers = type === null ? { 'content-type': '' } : { 'content-type': type }
      const answer = await owner.send('POST', path, { body, headers })
      t.equal(answer.status, status, `${path} ${type} ${JSON.stringify(String(body)).slice(0, 60)}`)
      t.equal(answer.json['error'], code)
      t.match(answer.headers.get('content-type'), 'application/json')
      t.equal(answer.headers.get('set-cookie'), null)
    }
  }
  t.equal((await owner.get('/api/session')).status, 200)
  t.equal((await service.database.query('select from accounts')).rowCount, 1)
  t.equal((await service.database.query('select from sessions')).rowCount, 1)
})

t.test('pages go on taking forms only', async (t) => {
  const { service } = await startWithAda(t)
  for (const path of ['/login', '/register', '/logout']) {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    const page = await service.browser().send(path, { method: 'POST', body: '{"username":"Ada"}', headers })
    t.equal(page.status, 415, path)
  }
})

t.test('requests that other sites have a browser send are refused', async (t) => {
  const { service, owner } = await startWithAda(t)
  for (const path of routes) {
    for (const headers of foreignHeaders) {
      for (const body of [
        { username: 'Ada', password },
        { ...ada, username: 'Eve', email: '' },
      ]) {
        const answer = await owner.post(path, body, headers)
        t.equal(answer.status, 403, JSON.stringify(headers))
        t.match(answer.json, { error: 'crossSite' })
        t.equal(answer.headers.get('set-cookie'), null)
      }
    }
    t.not((await clientOf(t, service).post(path, {}, { 'sec-fetch-site': 'same-origin' })).status, 403)
    t.not((await clientOf(t, service).post(path, {}, { origin: service.origin })).status, 403)
  }
  t.equal((await owner.get('/api/session')).status, 200)
  t.equal((await service.database.query('select from accounts')).rowCount, 1)
})

t.test('when the queue of hashes is full, programs are told when to come back', async (t) => {
  const { service } = await startWithAda(t, {
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '100',
    FAILED_ATTEMPTS_BEFORE_LOCK: '200',
  })
  for (const path of ['/api/login', '/api/register']) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        clientOf(t, service).post(path, { username: `bob${index}`, password }),
      ),
    )
    const refused = answers.filter(({ status }) => status === 503)
    t.ok(refused.length > 0 && refused.length < 20, `${refused.length} refused`)
    for (const { json, headers } of refused) {
      t.match(json, { error: 'busy', message: /try again in/ })
      t.equal(headers.get('retry-after'), String(json['retryAfterSeconds']))
    }
  }
})

t.test('failures of the service are told as JSON with their number, and nothing else', async (t) => {
  const { service, owner } = await startWithAda(t)
  const tables = { '/api/login': 'accounts', '/api/register': 'accounts', '/api/logout': 'sessions' }
  for (const [path, table] of Object.entries(tables)) {
    const column = table === 'accounts' ? 'password_hash' : 'token_hash'
    const breakages: [status: number, code: string, broken: string, mended: string][] = [
      [503, 'unavailable', `alter table ${table} rename to lost`, `alter table lost rename to ${table}`],
      [
        500,
        'internal',
        `alter table ${table} rename ${column} to lost`,
        `alter table ${table} rename lost to ${column}`,
      ],
    ]
    for (const [status, code, broken, mended] of breakages) {
      await service.database.query(broken)
      const answer = await owner.post(path, { ...ada, username: 'Eve', email: '' })
      await service.database.query(mended)
      t.equal(answer.status, status, path)
      t.equal(answer.json['error'], code)
      t.equal(answer.headers.get('set-cookie'), null)
      t.notMatch(JSON.stringify(answer.json), /select|insert|column|relation|\.ts|\.js/)
    }
  }
  t.equal((await owner.get('/api/session')).status, 200, 'who could not sign out is still signed in')
})

t.test('an account that is changed while somebody signs in opens no session', async (t) => {
  const { service } = await startWithAda(t)
  // Just before a session is made, a browser becomes known; somebody sets another password at that moment.
  await service.database.query(`
    create function change_password() returns trigger language plpgsql as $$
    begin
      update accounts set password_version = password_version + 1 where id = new.account_id;
      return new;
    end $$;
    create trigger change_password after insert on known_devices
    for each row execute function change_password()`)
  const login = await clientOf(t, service).post('/api/login', { username: 'Ada', password })
  t.equal(login.status, 401)
  t.match(login.json, { error: 'passwordChanged', message: /Enter the new password\.$/ })
  const register = await clientOf(t, service).post('/api/register', { username: 'Eve', password })
  t.equal(register.status, 409)
  t.match(register.json, { error: 'accountChanged', message: /Sign in to go on\.$/ })
  t.equal((await service.database.query('select from sessions')).rowCount, 1)
})

t.test('where a code has to be shown too, programs are told so', async (t) => {
  const service = await startTestService(t, { EMAIL_OTP: 'required' })
  const client = clientOf(t, service)
  t.match(await client.post('/api/register', ada), { status: 202, json: { next: 'emailCode' } })
  t.match(await client.post('/api/login', ada), { status: 202, json: { next: 'emailCode' } })
  t.equal((await client.get('/api/session')).status, 401)
})

t.test('every answer that is documented has been given', async (t) => {
  t.strictSame(contract.unseen(...routes), [])
})
