import t from 'tap'
import { DoctorProbeStore } from '../../src/doctor/doctor-probe-store.js'
import { createRandomToken } from '../../src/secrets/create-random-token.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { databaseUrl, runCommand } from '../operator/run-command.js'
import { createTestDatabase } from '../database/test-database.js'
import { startTestService } from '../flows/test-service.js'

t.test('only a fresh probe is answered, once; for all others there is no such page', async (t) => {
  const service = await startTestService(t, { LOG_LEVEL: 'trace' })
  const store = new DoctorProbeStore(service.database)
  const [probe, expired] = [createRandomToken(), createRandomToken()]
  const expire = async (token: string) => {
    await service.database.query(
      "update doctor_probes set expires_at = now() - interval '1 ms' where token_hash = $1",
      [hashToken(token)],
    )
  }
  await store.add([hashToken(createRandomToken())])
  await service.database.query("update doctor_probes set expires_at = now() - interval '1 ms'")
  await store.add([hashToken(probe), hashToken(expired)])
  await expire(expired)
  const ask = async (authorization?: string) => {
    const page = await service
      .browser()
      .get('/api/doctor', authorization === undefined ? {} : { authorization })
    return { status: page.status, body: JSON.parse(page.body) as Record<string, unknown> }
  }
  const refusals = [
    undefined,
    '',
    'Bearer',
    'Bearer x',
    `Bearer ${createRandomToken()}`,
    `Bearer ${expired}`,
    `Basic ${probe}`,
  ]
  for (const authorization of refusals) {
    t.match(
      await ask(authorization),
      { status: 404, body: { error: 'notFound' } },
      authorization ?? 'nothing',
    )
  }
  const head = await service
    .browser()
    .send('/api/doctor', { method: 'HEAD', headers: { authorization: `Bearer ${probe}` } })
  t.equal(head.status, 405, 'which uses it up as little')
  const both = await Promise.all([ask(`Bearer ${probe}`), ask(`Bearer ${probe}`)])
  t.strictSame(both.map(({ status }) => status).toSorted(), [200, 404], 'of two at once one wins')
  t.equal((await ask(`Bearer ${probe}`)).status, 404)
  t.strictSame(
    (await service.database.query('select 1 from doctor_probes')).rows,
    [],
    'nothing is left behind',
  )
  t.equal(JSON.stringify(service.logged()).includes(probe), false, 'no probe in the log')
})

t.test('tells what it sees, and no cookie or other header', async (t) => {
  const service = await startTestService(t, {
    TRUSTED_PROXIES: '127.0.0.1',
    ALLOWED_REDIRECT_ORIGINS: 'https://a.example',
  })
  const probe = createRandomToken()
  await new DoctorProbeStore(service.database).add([hashToken(probe)])
  service.passSeconds(100)
  const { body } = await service.browser().get('/api/doctor', {
    authorization: `Bearer ${probe}`,
    cookie: 'latchkey_session=secret',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '198.51.100.7, 127.0.0.1',
    'remote-user': 'eve',
    'x-other': 'secret',
  })
  t.notMatch(body, /secret|Bearer/)
  t.match(JSON.parse(body), {
    latchkeyDoctor: {
      scheme: 'https',
      host: service.origin.replace('http://', ''),
      clientAddress: '198.51.100.7',
      peerAddress: '127.0.0.1',
      settings: {
        publicOrigin: null,
        trustedProxies: ['127.0.0.1'],
        cookieDomain: null,
        allowedOrigins: ['https://a.example'],
      },
    },
  })
  const { headers, clockOffsetMs } = (
    JSON.parse(body) as { latchkeyDoctor: { headers: [string, string][]; clockOffsetMs: number } }
  ).latchkeyDoctor
  t.strictSame(headers.map(([name]) => name).toSorted(), [
    'host',
    'remote-user',
    'x-forwarded-for',
    'x-forwarded-proto',
  ])
  t.ok(Math.abs(clockOffsetMs - 100_000) < 5000, `${clockOffsetMs} ms`)
})

t.test('without a proxy there is nothing to forge, and a database that is not ready is said', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const service = await startTestService(t)
  const settings = { DATABASE_URL: databaseUrl(service.connection), PUBLIC_URL: service.origin }
  const direct = await runCommand(['doctor'], settings)
  t.match(direct, { code: 0, out: /✓ Address .*directly:/ })
  t.notMatch(direct.out, /Forgery|nginx/)
  t.match(direct.out, '1 to think about.')
  t.match((await runCommand(['doctor'], { ...settings, LANG: 'C' })).out, /\n {2}\+ Address/)

  await database.query('drop table schema_migrations')
  const unready = await runCommand(['doctor'], { ...settings, DATABASE_URL: databaseUrl(connection) })
  t.match(unready, { code: 1, out: /✗ Database .*Start the service\s+once/s })
  const away = await runCommand(['doctor'], {
    ...settings,
    DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/x',
  })
  t.match(away, { code: 1, out: /✗ Database .*cannot be had/ })
  t.notMatch(away.out + away.err, 'hunter2')
})
