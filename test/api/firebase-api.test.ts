import { exportJWK, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose'
import t, { type Test } from 'tap'
import { startTestService } from '../flows/test-service.js'
import { savePasskey } from '../flows/save-passkey.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { openLocalServer } from '../openid-sign-in/local-server.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'

const path = '/api/login/firebase'
const project = 'example-project'
const contract = new ApiContract()
const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
const sameKeyOtherwise = await importJWK(await exportJWK(privateKey), 'RS512')
const { privateKey: otherKey } = await generateKeyPair('RS256')
// It does not say for which algorithm it is: that is for the service to know.
const jwk = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig' }
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

/** A service that takes tokens of a project whose keys the test has. */
async function start(t: Test, settings: Record<string, string> = {}) {
  const keys = await openLocalServer(t)
  let status = 200
  let asked = 0
  keys.answerBy((_request, response) => {
    asked += 1
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }))
  })
  const service = await startTestService(t, {
    FIREBASE_PROJECT_ID: project,
    FIREBASE_JWKS_URL: `${keys.origin}/keys`,
    ...settings,
  })
  return {
    service,
    program: () => new ApiClient(t, contract, service.origin),
    asked: () => asked,
    answer: (next: number) => {
      status = next
    },
    close: keys.close,
  }
}

type Claims = Record<string, unknown>
const right = (): Claims => ({
  iss: `https://securetoken.google.com/${project}`,
  aud: project,
  sub: 'ada-at-firebase',
  iat: inSeconds(-5),
  exp: inSeconds(3600),
  auth_time: inSeconds(-5),
  email: 'ada@mail.example',
  email_verified: true,
  firebase: { sign_in_provider: 'google.com' },
})

function sign(
  claims: Claims = {},
  {
    alg = 'RS256',
    kid = 'one',
    key = privateKey,
  }: { alg?: string; kid?: string | null; key?: CryptoKey | Uint8Array } = {},
): Promise<string> {
  const payload = Object.fromEntries(
    Object.entries({ ...right(), ...claims }).filter(([, value]) => value !== undefined),
  )
  return new SignJWT(payload).setProtectedHeader({ alg, ...(kid === null ? {} : { kid }) }).sign(key)
}

t.test('somebody new chooses a username, and is signed in by the token from then on', async (t) => {
  const { service, program } = await start(t)
  const first = program()
  const idToken = await sign()
  const needed = await first.post(path, { idToken })
  t.equal(needed.status, 409)
  t.match(needed.json, { error: 'usernameNeeded' })
  t.equal((await first.get('/api/session')).status, 401)

  const made = await first.post(path, { idToken, username: 'Ada', include: 'accessToken' })
  t.equal(made.status, 201)
  t.match(made.json, { username: 'Ada', newPasskey: /^\S+$/ })
  t.match((await first.get('/api/session')).json, { username: 'Ada', email: null })

  const later = program()
  const known = await later.post(path, { idToken: await sign({ auth_time: inSeconds(-86_400) }) })
  t.equal(known.status, 200)
  t.match(known.json, { username: 'Ada' })
  t.equal((await later.post('/api/token/refresh')).status, 200, 'with tokens, as by a password')
  const { rows } = await service.database.query('select issuer, subject from linked_identities')
  t.strictSame(rows, [{ issuer: `https://securetoken.google.com/${project}`, subject: 'ada-at-firebase' }])
})

t.test('a token with anything wrong in it is refused', async (t) => {
  const { service, program } = await start(t)
  const secret = new TextEncoder().encode('x'.repeat(32))
  const cases: Record<string, string | Promise<string>> = {
    'another project': sign({
      aud: 'another-project',
      iss: 'https://securetoken.google.com/another-project',
    }),
    'another audience': sign({ aud: 'another-project' }),
    'further audiences': sign({ aud: [project, 'another-project'] }),
    'no audience': sign({ aud: undefined }),
    'another issuer': sign({ iss: 'https://accounts.google.com' }),
    'an issuer that only begins so': sign({ iss: `https://securetoken.google.com/${project}/x` }),
    'no issuer': sign({ iss: undefined }),
    'one that has expired': sign({ exp: inSeconds(-60) }),
    'no expiry': sign({ exp: undefined }),
    'one from the future': sign({ iat: inSeconds(300) }),
    'no time of issue': sign({ iat: undefined }),
    'a sign-in in the future': sign({ auth_time: inSeconds(300) }),
    'no time of sign-in': sign({ auth_time: undefined }),
    'a time of sign-in that is none': sign({ auth_time: 'now' }),
    'no subject': sign({ sub: undefined }),
    'an empty subject': sign({ sub: '' }),
    'a subject that is too long': sign({ sub: 'a'.repeat(256) }),
    'another key': sign({}, { key: otherKey }),
    'a key that is not published': sign({}, { kid: 'two' }),
    'no key named': sign({}, { kid: null }),
    'another algorithm': sign({}, { alg: 'RS512', key: sameKeyOtherwise }),
    'a signature by a secret': sign({}, { alg: 'HS256', key: secret }),
    'no signature': new UnsecuredJWT(right()).encode(),
    'a signature cut off': (await sign()).replace(/[^.]*$/, ''),
    'something else': 'nonsense',
  }
  for (const [words, idToken] of Object.entries(cases)) {
    const answer = await program().post(path, { idToken: await idToken, username: 'Ada' })
    t.equal(answer.status, 401, words)
    t.match(answer.json, { error: 'invalidIdToken' }, words)
  }
  t.equal((await service.database.query('select from accounts')).rowCount, 0)
})

t.test('what is wrong with the body is told by field', async (t) => {
  const { program } = await start(t)
  for (const body of [{}, { idToken: '' }, { idToken: ['a', 'b'] }]) {
    const answer = await program().post(path, body)
    t.equal(answer.status, 400)
    t.match(answer.json, { error: 'invalidFields', problems: [{ field: 'idToken' }] })
  }
  const name = await program().post(path, { idToken: await sign(), username: 'a b' })
  t.match(name.json, { error: 'invalidFields', problems: [{ field: 'username' }] })
  const wish = await program().post(path, { idToken: await sign(), username: 'ada', include: 'nonsense' })
  t.equal(wish.status, 400)
  const abroad = await program().post(path, { idToken: await sign() }, { 'sec-fetch-site': 'cross-site' })
  t.equal(abroad.status, 403)
})

t.test('a name that is taken is said, also that of an account that is gone; an address is not', async (t) => {
  const { service, program } = await start(t)
  const password = 'correct horse battery'
  const email = 'ada@mail.example'
  await program().post('/api/register', { username: 'ada', password, email })
  await program().post('/api/register', { username: 'gone', password })
  await service.database.query(`delete from accounts where username = 'gone'`)
  const idToken = await sign()
  for (const username of ['ADA', 'gone'])
    t.match((await program().post(path, { idToken, username })).json, { error: 'usernameUnavailable' })
  const made = await program().post(path, { idToken, username: 'grace' })
  t.equal(made.status, 201)
  const { rows } = await service.database.query('select username, email from accounts order by username')
  t.strictSame(rows, [
    { username: 'ada', email },
    { username: 'grace', email: null },
  ])
})

t.test('of sixteen at once, one makes the account and all are signed in', async (t) => {
  const { service, program } = await start(t)
  // Without an address, of which one could be the first, too.
  const idToken = await sign({ email: undefined })
  const answers = await Promise.all(
    Array.from({ length: 16 }, (_, index) => program().post(path, { idToken, username: `ada.${index}` })),
  )
  const statuses = answers.map(({ status }) => status).toSorted()
  t.strictSame(statuses, [...Array<number>(15).fill(200), 201])
  t.equal(new Set(answers.map(({ json }) => json['username'])).size, 1)
  t.equal((await service.database.query('select from accounts')).rowCount, 1)
})

t.test('without the keys nobody is let in, and they are asked for again', async (t) => {
  const { program, answer, close, asked } = await start(t)
  const idToken = await sign()
  answer(500)
  const down = await program().post(path, { idToken, username: 'ada' })
  t.equal(down.status, 503)
  t.match(down.json, { error: 'providerUnavailable', retryAfterSeconds: 30 })
  answer(200)
  t.equal((await program().post(path, { idToken, username: 'ada' })).status, 201)
  const before = asked()
  for (let times = 0; times < 3; times++) t.equal((await program().post(path, { idToken })).status, 200)
  for (let times = 0; times < 3; times++)
    await program().post(path, { idToken: await sign({}, { kid: 'two' }) })
  t.ok(asked() - before <= 1, 'tokens of unknown keys do not have them asked for each time')
  await close()
  t.equal((await program().post(path, { idToken })).status, 200, 'keys that were had go on counting')
})

t.test('the code at sign-in is asked for, as by a password', async (t) => {
  const mailbox = await openMailbox(t)
  const { program } = await start(t, { EMAIL_OTP: 'required', SMTP_URL: mailbox.url })
  const client = program()
  const due = await client.post(path, { idToken: await sign(), username: 'ada' })
  t.equal(due.status, 202)
  t.equal((await client.get('/api/session')).status, 401)
  const code = codeIn(await mailbox.letterTo('ada@mail.example'))
  t.equal((await client.post('/api/login/code', { code })).status, 200)
})

t.test('an account that has no provider to ask says so where the password is wanted', async (t) => {
  const { service, program } = await start(t)
  const client = program()
  await client.post(path, { idToken: await sign(), username: 'ada' })
  const browser = service.browser()
  for (const [name, value] of client.cookies) browser.cookies.set(name, value)
  await savePasskey(browser)
  const { location } = await browser.get('/profile/delete')
  t.equal(location, '/profile/confirm?redirectUrl=%2Fprofile%2Fdelete')
  t.match((await browser.get(location ?? '')).body, 'Set one first.')
  t.match((await browser.get('/profile/openid')).body, '<h2>Firebase</h2>')
})

t.test('every answer that is documented was seen here', (t) => {
  const elsewhere = [413, 415, 500].map((status) => `POST ${path} ${status}`)
  t.strictSame(
    contract.unseen(path).filter((each) => !elsewhere.includes(each)),
    [],
  )
  t.end()
})
