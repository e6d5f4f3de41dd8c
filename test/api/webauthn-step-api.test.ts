import t, { type Test } from 'tap'
import { startTestService, type TestService } from '../flows/test-service.js'
import { startWithStep } from '../webauthn-step/step-scene.js'
import type { RequestOptions } from '../webauthn/software-authenticator.js'
import { origin } from '../webauthn/webauthn-scene.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'
import { foreignHeaders, hostileRequests } from './hostile-requests.js'

const path = '/api/login/passkey-step'
const routes = [path, `${path}/options`]
const ada = { username: 'Ada', password: 'correct horse battery' }
const contract = new ApiContract()
const clientOf = (t: Test, { origin: at }: TestService) => new ApiClient(t, contract, at)

async function ask(client: ApiClient): Promise<RequestOptions> {
  const { status, json } = await client.post(`${path}/options`)
  if (status !== 200) throw new Error(`the options came with ${status}`)
  return json['publicKey'] as RequestOptions
}

t.test('a program shows a passkey after the password, and is signed in then', async (t) => {
  const { service, authenticator } = await startWithStep(t)
  const client = clientOf(t, service)
  const login = await client.post('/api/login', ada)
  t.equal(login.status, 202)
  t.strictSame(login.json, { next: 'passkey', methods: ['passkey', 'recoveryCode'] })
  t.equal((await client.get('/api/session')).status, 401)
  const used = authenticator.get(await ask(client))
  for (const body of [{}, { ...used, signature: '' }, { ...used, id: ['AAAA'] }])
    t.match(await client.post(path, body), { status: 400, json: { error: 'unreadableAssertion' } })
  const wrong = authenticator.get(await ask(client), { rpId: 'example.com' })
  t.match(await client.post(path, wrong), { status: 401, json: { error: 'assertionRefused' } })
  t.match(await client.post(path, { ...used, id: 'AAAA' }), {
    status: 401,
    json: { error: 'unknownCredential' },
  })
  const audience = { ...used, audience: 'https://evil.example' }
  t.match(await client.post(path, audience), { status: 400, json: { error: 'invalidFields' } })

  const other = clientOf(t, service)
  await other.post('/api/login', ada)
  t.match(await other.post(path, used), { status: 401, json: { error: 'challengeOver' } })

  const right = authenticator.get(await ask(client), { signCount: 9 })
  const done = await client.post(path, { ...right, trust: 'yes', include: 'accessToken' })
  t.match(done, { status: 200, json: { username: 'Ada', accessToken: /\./ } })
  t.equal((await client.get('/api/session')).status, 200)
  t.match(await client.post(path, right), { status: 401, json: { error: 'signInOver' } })
  t.match(await client.post(`${path}/options`), { status: 401, json: { error: 'signInOver' } })
  const copied = authenticator.get(await ask(other), { signCount: 1 })
  t.match(await other.post(path, copied), { status: 401, json: { error: 'credentialCopied' } })
  t.equal((await client.post('/api/login', ada)).status, 200, 'it is trusted now')
})

t.test('a bare touch alone is told to give the password, too', async (t) => {
  const { service, authenticator } = await startWithStep(t)
  const client = clientOf(t, service)
  const { json } = await client.post('/api/login/webauthn/options')
  const touch = authenticator.get(json['publicKey'] as RequestOptions, { isUserVerified: false })
  t.match(await client.post('/api/login/webauthn', touch), { status: 401, json: { error: 'passwordNeeded' } })
})

t.test('a wait and a lock hold here, and where there are no passkeys there are none', async (t) => {
  const { service } = await startWithStep(t)
  const client = clientOf(t, service)
  await client.post('/api/login', ada)
  const answer = { id: 'AAAA', clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' }
  const hold = async (set: string) => {
    await service.database.query('delete from failed_attempts')
    await service.database.query(
      `insert into failed_attempts (subject, account_id, failures, last_failure_at, ${set.split(' ')[0]})
       select 'account ' || id, id, 20, now(), now() + interval '1 h' from accounts`,
    )
  }
  await hold('locked_at')
  t.match(await client.post(path, answer), { status: 403, json: { error: 'locked' } })
  await hold('cooldown_until')
  t.match(await client.post(path, answer), { status: 429, json: { error: 'coolingDown' } })
  await service.database.query('delete from failed_attempts')

  const plain = clientOf(t, await startTestService(t, {}, service))
  await plain.post('/api/login', ada)
  for (const each of routes) t.match(await plain.post(each), { status: 404, json: { error: 'notHere' } })
  const off = clientOf(t, await startTestService(t, { PUBLIC_URL: origin, WEBAUTHN: 'off' }, service))
  for (const each of routes) t.match(await off.post(each), { status: 404, json: { error: 'notFound' } })
})

t.test('hostile requests are refused as everywhere, and faults tell nothing', async (t) => {
  const { service } = await startWithStep(t)
  const client = clientOf(t, service)
  await client.post('/api/login', ada)
  for (const each of routes) {
    for (const [type, body, status, code] of hostileRequests) {
      const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
      const answer = await client.send('POST', each, { body: Buffer.from(body), headers })
      t.match(answer, { status, json: { error: code } })
    }
    for (const headers of foreignHeaders) t.equal((await client.post(each, {}, headers)).status, 403)
  }
  const answer = { id: 'AAAA', clientDataJSON: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' }
  for (const [change, back, status] of [
    ['alter table webauthn_steps rename to lost', 'alter table lost rename to webauthn_steps', 503],
    [
      'alter table pending_sign_ins rename token_hash to lost',
      'alter table pending_sign_ins rename lost to token_hash',
      500,
    ],
  ] as const) {
    await service.database.query(change)
    for (const each of routes) t.equal((await client.post(each, answer)).status, status, each)
    await service.database.query(back)
  }
})

t.test('every answer that is documented has been given', async (t) => {
  t.strictSame(contract.unseen(...routes), [])
})
