import t, { type Test } from 'tap'
import { startTestService, type TestService } from '../flows/test-service.js'
import { type RequestOptions } from '../webauthn/software-authenticator.js'
import { origin, startWithPasskey } from '../webauthn/webauthn-scene.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'
import { foreignHeaders, hostileRequests } from './hostile-requests.js'

const path = '/api/login/webauthn'
const contract = new ApiContract()
const clientOf = (t: Test, { origin: at }: TestService) => new ApiClient(t, contract, at)

async function ask(client: ApiClient): Promise<RequestOptions> {
  const { status, json } = await client.post(`${path}/options`)
  if (status !== 200) throw new Error(`the options came with ${status}`)
  return json['publicKey'] as RequestOptions
}

t.test('a program signs in by a passkey, with tokens as by a password', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const client = clientOf(t, service)
  const answer = await client.post(path, { ...authenticator.get(await ask(client)), include: 'accessToken' })
  t.equal(answer.status, 200)
  t.match(answer.json, { username: 'Ada', name: 'Ada', accessToken: /\./ })
  t.equal((await client.get('/api/session')).status, 200)
  t.equal((await client.post('/api/token/refresh')).status, 200)
})

t.test('each refusal has its code, and signs nobody in', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const client = clientOf(t, service)
  const used = authenticator.get(await ask(client))
  const unbound = await clientOf(t, service).post(path, used)
  t.match(unbound, { status: 401, json: { error: 'challengeOver' } })
  for (const body of [
    {},
    { ...used, signature: '' },
    { ...used, id: ['AAAA'] },
    { ...used, clientDataJSON: 'AAAA' },
  ])
    t.match(await client.post(path, body), { status: 400, json: { error: 'unreadableAssertion' } })
  const wrong = authenticator.get(await ask(client), { rpId: 'example.com' })
  t.match(await client.post(path, wrong), { status: 401, json: { error: 'assertionRefused' } })
  const unknown = { ...authenticator.get(await ask(client)), id: 'AAAA' }
  t.match(await client.post(path, unknown), { status: 401, json: { error: 'unknownCredential' } })
  const audience = { ...authenticator.get(await ask(client)), audience: 'https://evil.example' }
  t.match(await client.post(path, audience), { status: 400, json: { error: 'invalidFields' } })
  t.equal((await client.get('/api/session')).status, 401)

  const right = authenticator.get(await ask(client))
  t.equal((await client.post(path, right)).status, 200)
  t.match(await client.post(path, right), { status: 401, json: { error: 'challengeOver' } })
  const copied = authenticator.get(await ask(client), { signCount: 1 })
  t.match(await client.post(path, copied), { status: 401, json: { error: 'credentialCopied' } })
})

t.test('a bare touch leads to the second step where one is due', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const strict = await startTestService(t, { PUBLIC_URL: origin, EMAIL_OTP: 'required' }, service)
  const client = clientOf(t, strict)
  const answer = await client.post(path, authenticator.get(await ask(client), { isUserVerified: false }))
  t.match(answer, { status: 202, json: { next: 'email' } })
  t.equal((await client.get('/api/session')).status, 401)
})

t.test('where browsers have no passkeys, programs have none', async (t) => {
  const plain = clientOf(t, await startTestService(t))
  for (const each of [path, `${path}/options`])
    t.match(await plain.post(each), { status: 404, json: { error: 'notHere' } })
  const off = clientOf(t, await startTestService(t, { WEBAUTHN: 'off' }))
  for (const each of [path, `${path}/options`])
    t.match(await off.post(each), { status: 404, json: { error: 'notFound' } })
})

t.test('hostile bodies and requests from other sites are refused', async (t) => {
  const { service } = await startWithPasskey(t)
  const client = clientOf(t, service)
  for (const each of [path, `${path}/options`]) {
    for (const [type, body, status, code] of hostileRequests) {
      const headers: Record<string, string> = type === null ? {} : { 'content-type': type }
      const answer = await client.send('POST', each, {
        body: type === null ? Buffer.from(body) : body,
        headers,
      })
      t.match(answer, { status, json: { error: code } })
    }
    for (const headers of foreignHeaders) t.equal((await client.post(each, {}, headers)).status, 403)
  }
})
