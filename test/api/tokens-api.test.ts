import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import t, { type Test } from 'tap'
import { until } from '../database/until.js'
import { startTestService, type TestService } from '../flows/test-service.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'
import { foreignHeaders, hostileRequests } from './hostile-requests.js'

const password = 'correct horse battery'
const app = 'https://app.example.com'
const refreshPath = '/api/token/refresh'

const contract = new ApiContract()
const clientOf = (t: Test, { origin }: TestService) => new ApiClient(t, contract, origin)

async function startWithAda(t: Test, settings: Record<string, string> = {}) {
  const service = await startTestService(t, {
    ALLOWED_REDIRECT_ORIGINS: `${app} https://*.example.org`,
    FAILED_ATTEMPTS_PER_ADDRESS: '1000000',
    ...settings,
  })
  const owner = clientOf(t, service)
  await owner.post('/api/register', { username: 'Ada', password, audience: app })
  return { service, owner }
}

const accessTokenOf = ({ cookies }: ApiClient) => cookies.get('access_token') ?? ''
const refreshTokenOf = ({ cookies }: ApiClient) => cookies.get('refresh_token') ?? ''

async function keysOf(t: Test, service: TestService): Promise<JSONWebKeySet> {
  const { json } = await clientOf(t, service).get('/.well-known/jwks.json')
  return json as unknown as JSONWebKeySet
}

t.test('signing in brings an access token that an app can verify with the published keys', async (t) => {
  const { service, owner } = await startWithAda(t)
  const { rows } = await service.database.query<{ id: string; session: string }>(
    'select accounts.id, sessions.id as session from sessions join accounts on accounts.id = account_id',
  )
  const check = async (token: string, audience: string) => {
    const keys = createLocalJWKSet(await keysOf(t, service))
    const options = { issuer: service.origin, audience, algorithms: ['ES256'], typ: 'at+jwt' }
    return (await jwtVerify(token, keys, options)).payload
  }
  const payload = await check(accessTokenOf(owner), app)
  t.strictSame(
    Object.keys(payload).toSorted(),
    ['aud', 'exp', 'iat', 'iss', 'jti', 'name', 'nbf', 'preferred_username', 'sid', 'sub'],
    'nothing that may change while it lives',
  )
  t.match(payload, {
    iss: service.origin,
    aud: app,
    sub: rows[0]?.id,
    sid: rows[0]?.session,
    preferred_username: 'Ada',
    name: 'Ada',
  })
  t.equal(payload.exp, (payload.iat ?? 0) + 900)
  t.equal(payload.nbf, payload.iat)
  await t.rejects(check(accessTokenOf(owner), 'https://other.example.com'), {
    code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
  })

  const again = await owner.post('/api/login', { username: 'Ada', password })
  t.match(again.json, { accessTokenExpiresIn: 900 })
  t.notOk('accessToken' in again.json, 'in a cookie only')
  const own = await check(accessTokenOf(owner), service.origin)
  t.not(own.jti, payload.jti)
  t.not(own.sid, payload.sid)
  const shown = await owner.post('/api/login', {
    username: 'Ada',
    password,
    audience: `${app}/`,
    include: 'accessToken',
  })
  t.equal(shown.json['accessToken'], accessTokenOf(owner))
  t.equal((await check(String(shown.json['accessToken']), app)).sub, payload.sub)
  t.notMatch(JSON.stringify(shown.json), refreshTokenOf(owner))
})

t.test('the cookies of tokens go no further than they must', async (t) => {
  const cookies = async (settings: Record<string, string>) => {
    const service = await startTestService(t, settings)
    const answer = await clientOf(t, service).post('/api/register', { username: 'Ada', password })
    const lines = answer.headers.getSetCookie().filter((line) => /(access|refresh)_token/.test(line))
    return lines.map((line) => line.replace(/=[^;]+/, '=…'))
  }
  t.strictSame(await cookies({}), [
    'access_token=…; Max-Age=900; Path=/; HttpOnly; SameSite=Lax',
    'refresh_token=…; Max-Age=604800; Path=/api/token; HttpOnly; SameSite=Strict',
  ])
  t.strictSame(await cookies({ PUBLIC_URL: 'https://login.example.com' }), [
    '__Host-access_token=…; Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax',
    '__Secure-refresh_token=…; Max-Age=604800; Path=/api/token; HttpOnly; Secure; SameSite=Strict',
  ])
  t.strictSame(await cookies({ PUBLIC_URL: 'https://login.example.com', COOKIE_DOMAIN: 'example.com' }), [
    '__Host-access_token=…; Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax',
    '__Secure-refresh_token=…; Max-Age=604800; Path=/api/token; HttpOnly; Secure; SameSite=Strict',
  ])
})

t.test('an access token is for one app that the operator has allowed', async (t) => {
  const { service, owner } = await startWithAda(t)
  const good: [audience: unknown, aud: string][] = [
    [app, app],
    [`${app}/`, app],
    ['HTTPS://App.Example.com:443', app],
    ['https://a.example.org', 'https://a.example.org'],
    [service.origin, service.origin],
    [null, service.origin],
    ['', service.origin],
  ]
  for (const [audience, aud] of good) {
    t.equal((await owner.post(refreshPath, { audience })).status, 200)
    t.equal(decodeJwt(accessTokenOf(owner)).aud, aud, String(audience))
  }
  const bad: [body: object, field: string, words: RegExp][] = [
    [{ audience: 'https://evil.example' }, 'audience', /^https:\/\/evil\.example is no app/],
    [{ audience: 'http://app.example.com' }, 'audience', /is no app/],
    [{ audience: `${app}:8443` }, 'audience', /is no app/],
    [{ audience: `https://${'a'.repeat(300)}.example.org` }, 'audience', /takes the origin/],
    [{ audience: `${app}/path` }, 'audience', /takes the origin/],
    [{ audience: `${app}?a` }, 'audience', /takes the origin/],
    [{ audience: `https://me@app.example.com` }, 'audience', /takes the origin/],
    [{ audience: 'https:\\\\app.example.com' }, 'audience', /takes the origin/],
    [{ audience: 'app.example.com' }, 'audience', /takes the origin/],
    [{ audience: '//app.example.com' }, 'audience', /takes the origin/],
    [{ audience: `${app}\0` }, 'audience', /takes the origin/],
    [{ audience: `\t${app}` }, 'audience', /takes the origin/],
    [{ audience: ' ' }, 'audience', /takes the origin/],
    [{ audience: [app, 'https://evil.example'] }, 'audience', /one origin/],
    [{ include: 'refreshToken' }, 'include', /^include takes "accessToken"/],
    [{ include: ['accessToken'] }, 'include', /^include takes/],
  ]
  const before = new Map(owner.cookies)
  for (const path of ['/api/login', '/api/register', refreshPath]) {
    for (const [body, field, words] of bad) {
      const answer = await owner.post(path, { username: 'Ada', password: 'wrong', ...body })
      t.equal(answer.status, 400, JSON.stringify(body))
      t.match(answer.json, { error: 'invalidFields', problems: [{ field, message: words }] })
    }
  }
  t.strictSame(owner.cookies, before)
  t.equal((await service.database.query('select from failed_attempts')).rowCount, 0, 'nothing was tried')
})

t.test('a refresh token brings new tokens and the next refresh token, and ends with its time', async (t) => {
  const { service, owner } = await startWithAda(t)
  let before = { access: accessTokenOf(owner), refresh: refreshTokenOf(owner) }
  for (let round = 0; round < 3; round++) {
    service.passSeconds(900)
    const answer = await owner.post(refreshPath, { audience: app })
    t.strictSame([answer.status, answer.json], [200, { accessTokenExpiresIn: 900 }])
    const after = { access: accessTokenOf(owner), refresh: refreshTokenOf(owner) }
    t.not(after.access, before.access)
    t.not(after.refresh, before.refresh)
    t.equal(decodeJwt(after.access).sid, decodeJwt(before.access).sid)
    before = after
  }
  const shown = await owner.send('POST', refreshPath)
  t.equal(shown.status, 200, 'without any body')
  t.equal(
    (await owner.post(refreshPath, { include: 'accessToken' })).json['accessToken'],
    accessTokenOf(owner),
  )

  service.passSeconds(7 * 86_400)
  const late = await owner.post(refreshPath)
  t.equal(late.status, 401)
  t.match(late.json, { error: 'invalidToken' })
  t.equal((await owner.get('/api/session')).status, 200, 'the session lives longer')
})

t.test('no token outlives its session', async (t) => {
  const { service, owner } = await startWithAda(t, { SESSION_TOKEN_VALIDITY_DURATION_SECONDS: '600' })
  const remaining = async () => {
    const answer = await owner.post(refreshPath)
    const lines = answer.headers.getSetCookie().map((line) => Number(/Max-Age=(\d+)/.exec(line)?.[1]))
    return [Number(answer.json['accessTokenExpiresIn']), ...lines]
  }
  service.passSeconds(300)
  for (const seconds of await remaining()) t.ok(seconds <= 300 && seconds > 280, String(seconds))
  service.passSeconds(270)
  for (const seconds of await remaining()) t.ok(seconds <= 30, String(seconds))
  service.passSeconds(31)
  t.equal((await owner.post(refreshPath)).status, 401)
})

t.test('a name that is changed is told from the next access token on', async (t) => {
  const { service, owner } = await startWithAda(t)
  await service.database.query("update profiles set display_name = 'Ada, Countess of Lovelace 🎩'")
  await until(async () => (await owner.get('/api/session')).json['name'] !== 'Ada')
  await owner.post(refreshPath)
  t.match(decodeJwt(accessTokenOf(owner)), {
    preferred_username: 'Ada',
    name: 'Ada, Countess of Lovelace 🎩',
  })
})

t.test('one kind of token is worth nothing in the place of another', async (t) => {
  const { owner, service } = await startWithAda(t)
  const tokens = {
    access: accessTokenOf(owner),
    refresh: refreshTokenOf(owner),
    session: owner.cookies.get('latchkey_session') ?? '',
    device: owner.cookies.get('latchkey_device') ?? '',
  }
  for (const token of [tokens.access, tokens.refresh, tokens.device]) {
    const stranger = clientOf(t, service)
    t.equal((await stranger.get('/api/session', { authorization: `Bearer ${token}` })).status, 401)
    stranger.cookies.set('latchkey_session', token)
    t.equal((await stranger.get('/api/session')).status, 401)
  }
  for (const token of [tokens.access, tokens.session, tokens.device, '', 'x', 'x'.repeat(43), '"a"']) {
    const stranger = clientOf(t, service)
    stranger.cookies.set('refresh_token', token)
    t.equal((await stranger.post(refreshPath)).status, 401, token)
  }
  const gate = clientOf(t, service)
  gate.cookies.set('access_token', tokens.access)
  gate.cookies.set('refresh_token', tokens.refresh)
  t.equal((await gate.get('/api/session')).status, 401, 'the session is asked for, never the JWT')
  t.equal((await owner.post(refreshPath)).status, 200)
})

t.test('the gate asks for the session, never for a token', async (t) => {
  const { owner, service } = await startWithAda(t, {
    PUBLIC_URL: 'http://login.example.com',
    COOKIE_DOMAIN: 'example.com',
    TRUSTED_PROXIES: '127.0.0.1',
  })
  const questions = {
    '/api/authz/forward-auth': {
      'x-forwarded-method': 'GET',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'app.example.com',
      'x-forwarded-uri': '/',
    },
    '/api/authz/auth-request': {
      'x-original-method': 'GET',
      'x-original-url': 'http://app.example.com/',
    },
  }
  const holder = clientOf(t, service)
  holder.cookies.set('access_token', accessTokenOf(owner))
  const bearer = { authorization: `Bearer ${accessTokenOf(owner)}` }
  for (const [path, question] of Object.entries(questions)) {
    t.equal((await owner.get(path, question)).status, 200)
    t.equal((await holder.get(path, { ...question, ...bearer })).status, 401)
  }
})

t.test(
  'of two refresh tokens that count none is taken; one that does not count is passed over',
  async (t) => {
    const { service, owner } = await startWithAda(t)
    const planter = clientOf(t, service)
    await planter.post('/api/login', { username: 'Ada', password })
    const send = (...tokens: string[]) =>
      clientOf(t, service).post(
        refreshPath,
        {},
        { cookie: tokens.map((each) => `refresh_token=${each}`).join('; ') },
      )
    t.equal((await send(refreshTokenOf(planter), refreshTokenOf(owner))).status, 401)
    t.equal((await send('x'.repeat(43), refreshTokenOf(owner))).status, 200)
  },
)

t.test('bodies that are no flat JSON object, and requests of other sites, change nothing', async (t) => {
  const { service, owner } = await startWithAda(t)
  for (const [type, body, status, code] of hostileRequests) {
    const headers = { 'content-type': type ?? '' }
    const answer = await owner.send('POST', refreshPath, { body, headers })
    t.equal(answer.status, status, `${type} ${String(body).slice(0, 60)}`)
    t.equal(answer.json['error'], code)
  }
  for (const headers of foreignHeaders) {
    const answer = await owner.post(refreshPath, {}, headers)
    t.match(answer, { status: 403, json: { error: 'crossSite' } })
    t.equal(answer.headers.get('set-cookie'), null)
  }
  t.equal((await owner.post(refreshPath, {}, { 'sec-fetch-site': 'same-origin' })).status, 200)
  const { rows } = await service.database.query('select from refresh_tokens')
  t.equal(rows.length, 2, 'none was used but by the last')
})

t.test('headers of a token name the key and the type, and nothing that could lead elsewhere', async (t) => {
  const { service, owner } = await startWithAda(t)
  const [key] = (await keysOf(t, service)).keys
  t.strictSame(decodeProtectedHeader(accessTokenOf(owner)), { alg: 'ES256', kid: key?.kid, typ: 'at+jwt' })
})

t.test('a fault is told as such, sets no cookie, and uses nothing up', async (t) => {
  const { service, owner } = await startWithAda(t)
  const breakages: [status: number, code: string, broken: string, mended: string][] = []
  for (const [table, column] of [
    ['refresh_tokens', 'used_at'],
    ['signing_keys', 'private_jwk'],
  ]) {
    breakages.push(
      [503, 'unavailable', `alter table ${table} rename to lost`, `alter table lost rename to ${table}`],
      [
        500,
        'internal',
        `alter table ${table} rename ${column} to lost`,
        `alter table ${table} rename lost to ${column}`,
      ],
    )
  }
  for (const [status, code, broken, mended] of breakages) {
    service.passSeconds(60)
    await service.database.query(broken)
    const before = new Map(owner.cookies)
    const refreshed = await owner.post(refreshPath)
    t.match(refreshed, { status, json: { error: code } }, broken)
    t.equal(refreshed.headers.get('set-cookie'), null)
    t.notMatch(JSON.stringify(refreshed.json), /select|insert|column|relation|\.ts|\.js/)
    if (!broken.includes('used_at')) {
      const other = clientOf(t, service)
      const signedIn = await other.post('/api/login', { username: 'Ada', password })
      t.match(signedIn, { status, json: { error: code } })
      t.equal(signedIn.headers.get('set-cookie'), null, 'nothing is half-done')
    }
    t.strictSame(owner.cookies, before)
    await service.database.query(mended)
    t.equal((await owner.post(refreshPath)).status, 200)
  }
  const stranger = clientOf(t, await startTestService(t, {}, service))
  await service.database.query('alter table signing_keys rename to lost')
  t.equal((await stranger.get('/.well-known/jwks.json')).status, 503)
  await service.database.query('alter table lost rename to signing_keys')
  await service.database.query('alter table signing_keys rename public_jwk to lost')
  t.equal((await stranger.get('/.well-known/jwks.json')).status, 500)
  await service.database.query('alter table signing_keys rename lost to public_jwk')
  t.equal((await stranger.get('/.well-known/jwks.json')).status, 200)
})

t.test('every answer that is documented has been given', async (t) => {
  t.strictSame(contract.unseen(refreshPath, '/.well-known/jwks.json'), [])
})
