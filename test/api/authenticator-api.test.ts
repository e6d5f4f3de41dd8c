import t, { type Test } from 'tap'
import { proveByApp, startWithApp, type AppScene } from '../flows/authenticator-scene.js'
import { email, password } from '../flows/recovery-scene.js'
import { otherThan } from '../flows/sign-in-code-scene.js'
import { startTestService } from '../flows/test-service.js'
import { codeIn } from '../mail/code-in.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'
import { foreignHeaders, hostileRequests } from './hostile-requests.js'

const routes = ['/api/login/authenticator', '/api/login/recovery-code']
const ada = { username: 'Ada', password }
const noCode = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'

const contract = new ApiContract()
const clientOf = (t: Test, { service }: Pick<AppScene, 'service'>) =>
  new ApiClient(t, contract, service.origin)

t.test('a program shows the code of the app after the password, and is signed in then', async (t) => {
  const scene = await startWithApp(t)
  const client = clientOf(t, scene)
  const login = await client.post('/api/login', ada)
  t.equal(login.status, 202)
  t.strictSame(login.json, { next: 'authenticatorCode', methods: ['authenticatorCode', 'recoveryCode'] })
  t.strictSame([...client.cookies.keys()], ['latchkey_sign_in'])
  t.equal((await client.get('/api/session')).status, 401)
  const wrong = await client.post('/api/login/authenticator', { code: otherThan(scene.phone.nextCode()) })
  t.equal(wrong.status, 401)
  t.match(wrong.json, { error: 'incorrectCode', attempt: 1, limit: 20, message: /This code was not taken/ })
  const code = scene.phone.nextCode()
  const done = await client.post('/api/login/authenticator', { code, trust: 'yes' })
  t.equal(done.status, 200)
  t.match(done.json, { username: 'Ada' })
  t.equal((await client.get('/api/session')).status, 200)
  t.ok(client.cookies.has('access_token') && client.cookies.has('refresh_token'))
  t.equal((await client.post('/api/login', ada)).status, 200, 'it is trusted now')

  const late = clientOf(t, scene)
  await late.post('/api/login', ada)
  t.match((await late.post('/api/login/authenticator', { code })).json, { error: 'codeUsed' })
})

t.test('a recovery code signs a program in, once', async (t) => {
  const scene = await startWithApp(t)
  const [code = ''] = scene.recoveryCodes
  for (const [status, error] of [
    [200, undefined],
    [401, 'codeUsed'],
  ] as const) {
    const client = clientOf(t, scene)
    await client.post('/api/login', ada)
    const answer = await client.post('/api/login/recovery-code', { code })
    t.equal(answer.status, status)
    t.equal(answer.json['error'], error)
  }
})

t.test('who has chosen both can have a code mailed', async (t) => {
  const scene = await startWithApp(t, { EMAIL_OTP: 'optional' })
  const alone = clientOf(t, scene)
  await alone.post('/api/login', ada)
  for (const [path, body] of [
    ['/api/login/code/send', {}],
    ['/api/login/code', { code: '123456' }],
  ] as const)
    t.match((await alone.post(path, body)).json, { error: 'signInOver' }, 'not so who chose the app alone')
  await proveByApp(scene.owner, scene.phone.nextCode())
  await scene.owner.post('/profile/sign-in-code/on')
  await scene.mailbox.letterTo(email)
  const client = clientOf(t, scene)
  const methods = ['authenticatorCode', 'emailCode', 'recoveryCode']
  t.strictSame((await client.post('/api/login', ada)).json, { next: 'authenticatorCode', methods })
  t.match((await client.post('/api/login/code/send')).json, { next: 'emailCode', methods, secondsLeft: 60 })
  const code = codeIn(await scene.mailbox.letterTo(email))
  t.equal((await client.post('/api/login/code', { code })).status, 200)
})

t.test('what is no code, and what belongs to no sign-in, are told apart', async (t) => {
  const scene = await startWithApp(t)
  const client = clientOf(t, scene)
  await client.post('/api/login', ada)
  for (const path of routes) {
    for (const body of [{}, { code: '' }, { code: 'abc' }, { code: '1'.repeat(5000) }]) {
      const answer = await client.post(path, body)
      t.equal(answer.status, 400)
      t.match(answer.json, { error: 'invalidFields', problems: [{ field: 'code' }] })
    }
    const stranger = clientOf(t, scene)
    t.match((await stranger.post(path, { code: '123456' })).json, { error: 'signInOver' }, path)
  }
})

t.test('wrong codes of both kinds are counted together, make a program wait, and lock', async (t) => {
  const scene = await startWithApp(t, {
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2',
    FAILED_ATTEMPTS_BEFORE_LOCK: '3',
  })
  const client = clientOf(t, scene)
  const wrong = { code: otherThan(scene.phone.code()) }
  await client.post('/api/login', ada)
  t.equal((await client.post('/api/login/authenticator', wrong)).status, 401)
  t.equal((await client.post('/api/login/recovery-code', { code: noCode })).status, 429)
  t.equal((await client.post('/api/login/authenticator', { code: scene.phone.nextCode() })).status, 429)
  await scene.service.database.query("update failed_attempts set cooldown_until = now() - interval '1 s'")
  t.equal((await client.post('/api/login/authenticator', wrong)).status, 403)
  t.equal((await client.post('/api/login/recovery-code', { code: scene.recoveryCodes[0] })).status, 403)
})

t.test('hostile requests are refused as everywhere, and faults tell nothing', async (t) => {
  const scene = await startWithApp(t)
  const client = clientOf(t, scene)
  await client.post('/api/login', ada)
  for (const path of routes) {
    for (const [type, body, status, code] of hostileRequests) {
      const headers = type === null ? {} : { 'content-type': type }
      const answer = await client.send('POST', path, { body: Buffer.from(body), headers })
      t.equal(answer.status, status, `${path} ${type} ${String(body).slice(0, 30)}`)
      t.equal(answer.json['error'], code)
    }
    for (const headers of foreignHeaders) t.equal((await client.post(path, {}, headers)).status, 403)
  }
  for (const [change, back, status] of [
    ['alter table authenticator_apps rename to lost', 'alter table lost rename to authenticator_apps', 503],
    [
      'alter table pending_sign_ins rename token_hash to lost',
      'alter table pending_sign_ins rename lost to token_hash',
      500,
    ],
  ] as const) {
    await scene.service.database.query(change)
    for (const path of routes) t.equal((await client.post(path, { code: '123456' })).status, status, path)
    await scene.service.database.query(back)
  }
  const node = await startTestService(t, { AUTHENTICATOR_APP: 'off', WEBAUTHN: 'off' }, scene.service)
  const off = clientOf(t, { service: node })
  for (const path of routes) t.equal((await off.post(path, { code: '123456' })).status, 404)
})

t.test('every answer that is documented has been given', async (t) => {
  t.strictSame(contract.unseen(...routes), [])
})
