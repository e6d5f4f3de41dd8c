import t, { type Test } from 'tap'
import { DoctorProbeStore } from '../../src/doctor/doctor-probe-store.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { startTestService } from '../flows/test-service.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'

const contract = new ApiContract()
const service = await startTestService(t, {
  PUBLIC_URL: 'http://login.example.com',
  COOKIE_DOMAIN: 'example.com',
  TRUSTED_PROXIES: '127.0.0.1',
  ACCESS_RULES: 'closed.example.com : nobody',
})
const html = { accept: 'text/html' }
const gates: [path: string, ask: (address: string, method?: string) => Record<string, string>][] = [
  [
    '/api/authz/forward-auth',
    (address, method = 'GET') => ({
      'x-forwarded-method': method,
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(address).host,
      'x-forwarded-uri': '/',
    }),
  ],
  [
    '/api/authz/auth-request',
    (address, method = 'GET') => ({ 'x-original-method': method, 'x-original-url': address }),
  ],
]

async function register(t: Test): Promise<ApiClient> {
  const client = new ApiClient(t, contract, service.origin)
  await client.post('/api/register', { username: `ada${Date.now()}`, password: 'correct horse battery' })
  return client
}

/** Without its table the service counts as unavailable; without a column of it, as broken. */
async function whileBroken(table: string, column: string | null, work: () => Promise<void>): Promise<void> {
  const rename = (from: string, to: string) =>
    column === null ? `alter table ${from} rename to ${to}` : `alter table ${table} rename ${from} to ${to}`
  await service.database.query(rename(column ?? table, 'lost'))
  await work()
  await service.database.query(rename('lost', column ?? table))
}

t.test('an app that asks who is signed in gets what is documented', async (t) => {
  const client = await register(t)
  t.equal((await client.get('/api/session')).status, 200)
  t.equal((await client.send('HEAD', '/api/session')).status, 200)
  const stranger = new ApiClient(t, contract, service.origin)
  t.equal((await stranger.get('/api/session')).status, 401)
  const token = `Bearer ${createRandomToken()}`
  t.equal((await stranger.get('/api/session', { authorization: token })).status, 401)
  t.equal((await stranger.get('/api/session?%zz')).status, 401)
})

t.test('a proxy that asks at the gate gets what is documented, by every method', async (t) => {
  const client = await register(t)
  const stranger = new ApiClient(t, contract, service.origin)
  for (const [path, ask] of gates) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const headers = ask('http://app.example.com/')
      t.equal((await client.send(method, path, { headers })).status, 200)
      t.equal((await stranger.send(method, path, { headers })).status, 401)
    }
    const redirects = path.endsWith('forward-auth')
    const asBrowser = { ...ask('http://app.example.com/'), ...html }
    t.equal((await stranger.get(path, asBrowser)).status, redirects ? 302 : 401)
    const afterForm = { ...ask('http://app.example.com/', 'POST'), ...html }
    t.equal((await stranger.get(path, afterForm)).status, redirects ? 303 : 401)
    t.equal((await stranger.get(path)).status, 400)
    t.equal((await stranger.get(path, ask('http://evil.example/'))).status, 400)
    for (const more of [{}, html])
      t.equal((await client.get(path, { ...ask('http://closed.example.com/'), ...more })).status, 403)
  }
})

t.test("the operator's doctor gets what is documented, and nobody else anything", async (t) => {
  const probe = createRandomToken()
  await new DoctorProbeStore(service.database).add([hashToken(probe)])
  const doctor = new ApiClient(t, contract, service.origin)
  t.equal((await doctor.get('/api/doctor', { authorization: `Bearer ${probe}` })).status, 200)
  t.equal((await doctor.get('/api/doctor', { authorization: `Bearer ${probe}` })).status, 404)
})

t.test('failures of the service are told as documented', async (t) => {
  const authorization = () => `Bearer ${createRandomToken()}`
  const client = new ApiClient(t, contract, service.origin)
  for (const [column, status] of [
    [null, 503],
    ['token_hash', 500],
  ] as const) {
    await whileBroken('sessions', column, async () => {
      t.equal((await client.get('/api/session', { authorization: authorization() })).status, status)
      for (const [path, ask] of gates) {
        const cookie = `latchkey_session=${createRandomToken()}`
        t.equal((await client.get(path, { ...ask('http://app.example.com/'), cookie })).status, status)
      }
    })
    await whileBroken('doctor_probes', column, async () => {
      t.equal((await client.get('/api/doctor', { authorization: authorization() })).status, status)
    })
  }
})

t.test('a request that names no usable host is refused as documented', async (t) => {
  const anywhere = await startTestService(t, { TRUSTED_PROXIES: '127.0.0.1' })
  const client = new ApiClient(t, contract, anywhere.origin)
  const answer = await client.get('/api/session', { 'x-forwarded-host': 'a@evil.example' })
  t.equal(answer.status, 400)
  t.match(answer.json, { error: 'invalidHost' })
})

t.test('every answer that is documented has been given', async (t) => {
  const paths = ['/api/session', '/api/authz/forward-auth', '/api/authz/auth-request', '/api/doctor']
  t.strictSame(contract.unseen(...paths), [])
})
