import t from 'tap'
import { until } from '../database/until.js'
import { databaseUrl, quickHashing, runCommand } from '../operator/run-command.js'
import type { TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'
import {
  countTokens,
  holderOf,
  password,
  refresh,
  refreshToken,
  send,
  signIn,
  startWithAda,
} from './token-scene.js'

const better = 'a better one for today'

type Scene = {
  service: TestService
  /** Whose session ends. */
  program: TestBrowser
  /** Another one of the same person. */
  other: TestBrowser
  passkey: string
}

const operate = ({ connection }: TestService, words: string[], input = '') =>
  runCommand(['accounts', ...words], { ...quickHashing, DATABASE_URL: databaseUrl(connection) }, input)

const endings: Record<string, (scene: Scene) => Promise<unknown>> = {
  'a program signs out': ({ program }) => send(program, '/api/logout'),
  'a page signs out': ({ program }) => program.post('/logout'),
  'it signs in again': ({ program }) => send(program, '/api/login', { username: 'Ada', password }),
  'another browser signs it out': async ({ service, other }) => {
    const { rows } = await service.database.query<{ id: string }>(
      'select id from sessions order by created_at',
    )
    await other.post('/profile/sessions/end', { session: rows[0]?.id ?? '' })
  },
  'another browser signs out all others': ({ other }) => other.post('/profile/sessions/end-others'),
  'another browser changes the password': ({ other }) =>
    other.post('/profile/password', { currentPassword: password, password: better, confirmPassword: better }),
  'this very browser changes the password': ({ program }) =>
    program.post('/profile/password', {
      currentPassword: password,
      password: better,
      confirmPassword: better,
    }),
  'the password is reset': async ({ service, passkey }) => {
    const stranger = service.browser()
    await send(stranger, '/api/recover/initiate', { username: 'Ada' })
    const { body } = await send(stranger, '/api/recover/verify-key', { passkey })
    const { tempToken } = JSON.parse(body) as { tempToken: string }
    await send(stranger, '/api/recover/reset', { newPassword: better, tempToken })
  },
  'the account is deleted': ({ other }) =>
    other.post('/profile/delete', { currentPassword: password, isSure: 'yes' }),
  'the operator ends its sessions': ({ service }) => operate(service, ['end-sessions', 'Ada']),
  'the operator sets a password': ({ service }) =>
    operate(service, ['set-password', 'Ada', '--password-stdin'], better),
  'the operator removes the account': ({ service }) => operate(service, ['remove', 'Ada', '--yes']),
  'it expires': async ({ service }) => service.passSeconds(30 * 86_400),
}

for (const [what, end] of Object.entries(endings)) {
  t.test(`refresh tokens end with their session at once: ${what}`, async (t) => {
    const { service, owner, passkey } = await startWithAda(t, {
      REFRESH_TOKEN_VALIDITY_SECONDS: String(90 * 86_400),
    })
    const secondNode = await startTestService(t, {}, service)
    const used = refreshToken(owner)
    t.equal((await refresh(owner)).status, 200)
    const token = refreshToken(owner)
    const other = await signIn(service)
    await other.get('/dashboard')
    await end({ service, program: owner, other, passkey })
    for (const node of [service, secondNode]) {
      if (what === 'it expires' && node === secondNode) node.passSeconds(30 * 86_400)
      t.equal((await refresh(holderOf(token, node))).status, 401)
      t.equal((await refresh(holderOf(used, node))).status, 401, 'the one before as well')
    }
  })
}

t.test('a session that nobody uses ends with its tokens; a refresh is a use', async (t) => {
  const { service, owner } = await startWithAda(t, {
    SESSION_IDLE_TIMEOUT_SECONDS: '600',
    SESSION_LAST_USED_PRECISION_SECONDS: '1',
  })
  for (let round = 0; round < 3; round++) {
    service.passSeconds(400)
    t.equal((await refresh(owner)).status, 200)
  }
  service.passSeconds(400)
  t.equal((await owner.get('/api/session')).status, 200, 'the session was prolonged')
  service.passSeconds(600)
  t.equal((await refresh(owner)).status, 401)
})

t.test('signing out takes the cookies back, on pages and for programs', async (t) => {
  const { service } = await startWithAda(t)
  for (const leave of [
    (browser: TestBrowser) => send(browser, '/api/logout'),
    (browser: TestBrowser) => browser.post('/logout'),
  ]) {
    const browser = await signIn(service)
    const answer = await leave(browser)
    t.strictSame(
      answer.headers.getSetCookie().filter((line) => line.includes('_token')),
      [
        'access_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax',
        'refresh_token=; Max-Age=0; Path=/api/token; HttpOnly; SameSite=Strict',
      ],
    )
    t.notMatch([...browser.cookies.keys()].join(), /session|access|refresh/)
  }
})

t.test('signing in on a page hands out no tokens', async (t) => {
  const { service } = await startWithAda(t)
  for (const [path, form] of Object.entries({
    '/login': { username: 'Ada', password },
    '/register': { username: 'Bob', password, confirmPassword: password },
  })) {
    const browser = service.browser()
    t.equal((await browser.post(path, form)).status, 303)
    t.notMatch([...browser.cookies.keys()].join(), /access|refresh/)
  }
})

t.test('signing in on a page as somebody else takes the cookies of the session before', async (t) => {
  const { service, owner } = await startWithAda(t)
  await service.browser().post('/register', { username: 'Bob', password, confirmPassword: password })
  t.ok(owner.cookies.has('access_token') && owner.cookies.has('refresh_token'))
  t.equal((await owner.post('/login', { username: 'Bob', password })).status, 303)
  t.notMatch([...owner.cookies.keys()].join(), /access|refresh/)
  t.match((await owner.get('/api/session')).body, '"username":"Bob"')
})

t.test('refresh tokens that another host of the domain has added change nothing', async (t) => {
  const { service, owner } = await startWithAda(t)
  const eve = service.browser()
  await send(eve, '/api/register', { username: 'Eve', password })
  const used = refreshToken(eve)
  await refresh(eve)
  const session = `latchkey_session=${owner.cookies.get('latchkey_session')}`
  const refreshWith = (...tokens: string[]) => {
    const cookie = [session, ...tokens.map((token) => `refresh_token=${token}`)].join('; ')
    const headers = { 'content-type': 'application/json', cookie }
    return service.browser().send('/api/token/refresh', { method: 'POST', body: '{}', headers })
  }
  for (const added of [refreshToken(eve), used]) {
    const answer = await refreshWith(added, refreshToken(owner))
    t.equal(answer.status, 200)
    const [, next = ''] = /refresh_token=([^;]+)/.exec(answer.headers.getSetCookie().join()) ?? []
    owner.cookies.set('refresh_token', next)
  }
  t.equal((await refreshWith(refreshToken(eve))).status, 401, 'alone it brings no token of somebody else')
  t.equal((await refresh(eve)).status, 200, 'and is not used up')
})

t.test(
  'a refresh token that is used again later ends all of its session, and the owner is told',
  async (t) => {
    const { service, owner } = await startWithAda(t)
    const other = await signIn(service)
    const stolen = refreshToken(owner)
    t.equal((await refresh(owner)).status, 200)
    service.passSeconds(31)
    const answer = await refresh(holderOf(stolen, service))
    t.equal(answer.status, 401)
    t.equal(answer.headers.get('set-cookie'), null)
    t.equal((await refresh(owner)).status, 401, 'the newest of the family counts no more either')
    t.equal((await refresh(other)).status, 200, 'other sessions go on')
    t.equal((await owner.get('/api/session')).status, 200, 'nobody has shown its session token')
    await owner.get('/dashboard')
    const words = /<strong>An old token of one of your programs was used again and may have been copied/
    await until(async () => words.test((await owner.get('/profile/events')).body))
    await refresh(holderOf(stolen, service))
    t.equal(
      service.logged().filter(({ msg }) => String(msg).startsWith('a refresh token was used a second time'))
        .length,
      1,
      'once',
    )
    t.notMatch(JSON.stringify(service.logged()), stolen)
  },
)

t.test('within the grace a used token gets what the first use got, unless that was used too', async (t) => {
  const { service, owner } = await startWithAda(t)
  const first = refreshToken(owner)
  await refresh(owner)
  const second = refreshToken(owner)
  service.passSeconds(29)
  const late = holderOf(first, service)
  t.equal((await refresh(late)).status, 200)
  t.equal(refreshToken(late), second, 'an answer that was lost')
  t.ok(late.cookies.get('access_token'))
  t.equal(await countTokens(service), 2)

  await refresh(owner)
  const third = refreshToken(owner)
  const slow = holderOf(first, service)
  const answer = await refresh(slow)
  t.equal(answer.status, 200)
  t.equal(refreshToken(slow), first, 'it has a newer one already')
  t.notMatch(answer.headers.getSetCookie().join(), /refresh_token/)
  t.equal((await refresh(owner)).status, 200)
  t.not(refreshToken(owner), third)
})

t.test('without a grace every second use counts as a theft', async (t) => {
  const { service, owner } = await startWithAda(t, { REFRESH_TOKEN_GRACE_SECONDS: '0' })
  const first = refreshToken(owner)
  await refresh(owner)
  t.equal((await refresh(holderOf(first, service))).status, 401)
  t.equal((await refresh(owner)).status, 401)
})

t.test('what lies in the database opens nothing', async (t) => {
  const { service, owner } = await startWithAda(t)
  const tokens = [refreshToken(owner)]
  await refresh(owner)
  tokens.push(refreshToken(owner))
  const { rows } = await service.database.query<{ text: string }>(
    "select refresh_tokens::text || encode(coalesce(sealed_successor, ''), 'escape') as text from refresh_tokens",
  )
  for (const token of tokens) {
    t.notMatch(JSON.stringify(rows), token)
    t.notMatch(JSON.stringify(rows), Buffer.from(token).toString('hex'))
  }
})
