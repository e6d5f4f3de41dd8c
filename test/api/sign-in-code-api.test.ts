import t, { type Test } from 'tap'
import { email, password } from '../flows/recovery-scene.js'
import { startWithCodeOn, startWithCodes, otherThan, type CodeScene } from '../flows/sign-in-code-scene.js'
import { startTestService } from '../flows/test-service.js'
import { codeIn } from '../mail/code-in.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'
import { foreignHeaders, hostileRequests } from './hostile-requests.js'

const routes = ['/api/login/email', '/api/login/code', '/api/login/code/send']
const ada = { username: 'Ada', password }

const contract = new ApiContract()
const clientOf = (t: Test, { service }: Pick<CodeScene, 'service'>) =>
  new ApiClient(t, contract, service.origin)

async function startRequired(t: Test, settings: Record<string, string> = {}) {
  const { mailbox, service } = await startWithCodes(t)
  const node = await startTestService(
    t,
    { EMAIL_OTP: 'required', SMTP_URL: mailbox.url, ...settings },
    service,
  )
  return { mailbox, service: node }
}

t.test('a program shows the code after the password, and is signed in then', async (t) => {
  const scene = await startWithCodeOn(t)
  const client = clientOf(t, scene)
  const login = await client.post('/api/login', ada)
  t.equal(login.status, 202)
  t.match(login.json, {
    next: 'emailCode',
    methods: ['emailCode'],
    sentTo: 'a…@example.com',
    secondsLeft: 60,
  })
  t.strictSame([...client.cookies.keys()], ['latchkey_sign_in'])
  t.equal((await client.get('/api/session')).status, 401)
  const first = codeIn(await scene.mailbox.letterTo(email))

  const again = await client.post('/api/login/code/send')
  t.equal(again.status, 202)
  const code = codeIn(await scene.mailbox.letterTo(email))
  const wrong = await client.post('/api/login/code', { code: otherThan(code) })
  t.equal(wrong.status, 401)
  t.match(wrong.json, { error: 'incorrectCode', message: /You can try 4 times more/ })
  if (first !== code) t.equal((await client.post('/api/login/code', { code: first })).status, 401)

  const done = await client.post('/api/login/code', { code, trust: 'yes' })
  t.equal(done.status, 200)
  t.match(done.json, { username: 'Ada', name: 'Ada' })
  t.equal((await client.get('/api/session')).status, 200)
  t.ok(client.cookies.has('access_token') && client.cookies.has('refresh_token'), 'only now are there tokens')
  t.equal((await client.post('/api/login', ada)).status, 200, 'it is trusted now')
})

t.test('what is no code, comes too late, or belongs to no sign-in is told apart', async (t) => {
  const scene = await startWithCodeOn(t)
  const client = clientOf(t, scene)
  await client.post('/api/login', ada)
  const code = codeIn(await scene.mailbox.letterTo(email))
  for (const body of [{}, { code: '' }, { code: 'abc' }, { code: '1'.repeat(5000) }]) {
    const answer = await client.post('/api/login/code', body)
    t.equal(answer.status, 400)
    t.match(answer.json, { error: 'invalidFields', problems: [{ field: 'code' }] })
  }
  const elsewhere = { code, audience: 'https://evil.example' }
  t.match((await client.post('/api/login/code', elsewhere)).json, { problems: [{ field: 'audience' }] })
  scene.service.passSeconds(60)
  t.match((await client.post('/api/login/code', { code })).json, { error: 'codeExpired' })
  t.equal((await client.post('/api/login/email', { email: 'evil@example.com' })).status, 409)
  const stranger = clientOf(t, scene)
  for (const [path, body] of [
    ['/api/login/code', { code }],
    ['/api/login/code/send', {}],
    ['/api/login/email', { email }],
  ] as const)
    t.match((await stranger.post(path, body)).json, { error: 'signInOver' }, path)
})

t.test('a program that registers without an address gives one', async (t) => {
  const scene = await startRequired(t)
  const client = clientOf(t, scene)
  const registered = await client.post('/api/register', { username: 'Bert', password })
  t.equal(registered.status, 202)
  t.strictSame(registered.json, { next: 'emailAddress', methods: ['emailCode'] })
  t.strictSame((await client.post('/api/login/code/send')).json, {
    next: 'emailAddress',
    methods: ['emailCode'],
  })
  t.equal((await client.post('/api/login/email', { email: 'bert at home' })).status, 400)
  t.match((await client.post('/api/login/email', { email })).json, { error: 'emailUnavailable' })
  const named = await client.post('/api/login/email', { email: 'bert@example.com' })
  t.match(named.json, { next: 'emailCode', sentTo: 'bert@example.com' })
  const code = codeIn(await scene.mailbox.letterTo('bert@example.com'))
  const done = await client.post('/api/login/code', { code })
  t.equal(done.status, 200)
  t.match(done.json, { username: 'Bert', newPasskey: /^[A-Z0-9-]+$/ })
})

t.test('an address that another account confirms meanwhile is taken', async (t) => {
  const scene = await startRequired(t)
  const client = clientOf(t, scene)
  const bert = { username: 'Bert', password, email: 'bert@example.com' }
  t.equal((await client.post('/api/register', bert)).status, 202)
  const code = codeIn(await scene.mailbox.letterTo(bert.email))
  await scene.service.database.query('select set_account_email(id, null, null, null) from accounts')
  await scene.service.database.query(
    "select set_account_email(id, $1, $1, now()) from accounts where username = 'Ada'",
    [bert.email],
  )
  const answer = await client.post('/api/login/code', { code })
  t.equal(answer.status, 409)
  t.match(answer.json, { error: 'emailUnavailable' })
})

t.test('a code that cannot be sent is told, and can be asked for again', async (t) => {
  const scene = await startWithCodeOn(t, { EMAIL_OTPS_PER_HOUR: '1' })
  const client = clientOf(t, scene)
  scene.mailbox.refuse(true)
  const login = await client.post('/api/login', ada)
  t.equal(login.status, 202)
  t.match(login.json, { next: 'emailCode', secondsLeft: 0, unsent: { error: 'mailFailed' } })
  scene.mailbox.refuse(false)
  t.match((await client.post('/api/login/code/send')).json, { secondsLeft: 60 })
  const more = await client.post('/api/login/code/send')
  t.match(more.json, { unsent: { error: 'tooManyCodes' } })
  t.ok((more.json['unsent'] as { retryAfterSeconds: number }).retryAfterSeconds > 3500)
})

t.test('wrong codes make a program wait, and lock', async (t) => {
  const scene = await startWithCodeOn(t, {
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2',
    FAILED_ATTEMPTS_BEFORE_LOCK: '3',
  })
  const client = clientOf(t, scene)
  await client.post('/api/login', ada)
  const code = codeIn(await scene.mailbox.letterTo(email))
  t.equal((await client.post('/api/login/code', { code: otherThan(code) })).status, 401)
  const waiting = await client.post('/api/login/code', { code: otherThan(code) })
  t.equal(waiting.status, 429)
  t.match(waiting.json, { error: 'coolingDown', retryAfterSeconds: 900 })
  scene.service.passSeconds(300)
  t.equal((await client.post('/api/login/code', { code })).status, 429)
  await scene.service.database.query("update failed_attempts set cooldown_until = now() - interval '1 s'")
  await client.post('/api/login/code/send')
  const next = codeIn(await scene.mailbox.letterTo(email))
  const locked = await client.post('/api/login/code', { code: otherThan(next) })
  t.equal(locked.status, 403)
  t.match(locked.json, { error: 'locked' })
  t.equal((await client.post('/api/login/code', { code: next })).status, 403)
})

t.test('hostile requests are refused as everywhere, and faults tell nothing', async (t) => {
  const scene = await startWithCodeOn(t)
  const client = clientOf(t, scene)
  await client.post('/api/login', ada)
  for (const path of routes) {
    for (const [type, body, status, code] of hostileRequests) {
      const headers = type === null ? {} : { 'content-type': type }
      const payload = Buffer.from(body)
      const answer = await client.send('POST', path, { body: payload, headers })
      t.equal(answer.status, status, `${path} ${type} ${String(body).slice(0, 30)}`)
      t.equal(answer.json['error'], code)
    }
    for (const headers of foreignHeaders) t.equal((await client.post(path, {}, headers)).status, 403)
  }
  const bodies = [{ email }, { code: '123456' }, {}]
  for (const [change, back, status] of [
    ['alter table pending_sign_ins rename to lost', 'alter table lost rename to pending_sign_ins', 503],
    [
      'alter table pending_sign_ins rename token_hash to lost',
      'alter table pending_sign_ins rename lost to token_hash',
      500,
    ],
  ] as const) {
    await scene.service.database.query(change)
    for (const [index, path] of routes.entries())
      t.equal((await client.post(path, bodies[index])).status, status, path)
    await scene.service.database.query(back)
  }
  const off = clientOf(t, await startWithCodes(t, { EMAIL_OTP: 'off' }))
  for (const [index, path] of routes.entries()) t.equal((await off.post(path, bodies[index])).status, 404)
})

t.test('every answer that is documented has been given', async (t) => {
  t.strictSame(contract.unseen(...routes), [])
})
