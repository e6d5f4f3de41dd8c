import t, { type Test } from 'tap'
import { findFreePort } from '../../src/programs/find-free-port.js'
import { createTestDatabase } from '../database/test-database.js'
import { databaseUrl } from '../operator/run-command.js'
import { nginxConfig } from './proxy.js'
import { examine, examineBehind, nginxSkip, right, setScene } from './scene.js'

t.test('nginx: all is well with the right lines, and each wrong one is named', nginxSkip, async (t) => {
  const scene = await setScene(t)
  const behind = (changes: Partial<Record<string, string | null>>) => {
    const headers = Object.entries({ ...right, ...changes }).filter(([, value]) => value !== null)
    const lines = headers.map(([name, value]) => `proxy_set_header ${name} ${value};`)
    const location = `location / { proxy_pass ${scene.service.origin}; ${lines.join(' ')} }`
    return examineBehind(t, scene, 'nginx', nginxConfig(scene.port, scene.certificate, location))
  }

  const good = await behind({})
  t.strictSame(good.wrong, [])
  t.equal(good.code, 0)
  t.match(good.found.find(({ about }) => about === 'Address')?.text, 'through a proxy at 127.0.0.1')
  const adding = await behind({ 'X-Forwarded-For': '$proxy_add_x_forwarded_for' })
  t.strictSame(
    adding.wrong.map(({ verdict }) => verdict),
    ['doubtful'],
    'not to be judged from the same machine',
  )

  const cases: [
    changes: Partial<Record<string, string | null>>,
    findings: [verdict: string, text: RegExp][],
  ][] = [
    [
      { 'X-Forwarded-Proto': null },
      [
        ['bad', /People open https, but Latchkey sees http: the proxy sends no X-Forwarded-Proto/],
        ['bad', /A client can choose whether it uses https: the proxy passes its X-Forwarded-Proto/],
      ],
    ],
    [{ 'X-Forwarded-Proto': 'http' }, [['bad', /the proxy says X-Forwarded-Proto: http\./]]],
    [
      { Host: null, 'X-Forwarded-Host': '""' },
      [['bad', /The proxy changes the host: Latchkey sees 127\.0\.0\.1:\d+ instead of localhost:\d+\./]],
    ],
    [
      { Host: '$host', 'X-Forwarded-Host': '$host' },
      [['bad', /The proxy leaves the port out: localhost instead/]],
    ],
    [
      { 'X-Forwarded-For': '""' },
      [['bad', /sends no X-Forwarded-For: everybody seems to come from 127\.0\.0\.1/]],
    ],
    [
      { 'X-Forwarded-For': '$http_x_forwarded_for' },
      [
        ['bad', /sends no X-Forwarded-For/],
        [
          'bad',
          /A client can choose the address it seems to come from: the proxy passes its X-Forwarded-For/,
        ],
      ],
    ],
    [
      { 'X-Forwarded-Host': null },
      [['bad', /A client can choose which address .* passes its X-Forwarded-Host/]],
    ],
    [
      { 'Remote-User': null, 'Remote-Groups': null },
      [
        [
          'doubtful',
          /^What a client itself sends as remote-groups, remote-user passes through the proxy\. Latchkey ignores it/,
        ],
      ],
    ],
  ]
  for (const [changes, findings] of cases) {
    const { code, wrong } = await behind(changes)
    const name = JSON.stringify(changes)
    t.match(
      wrong.map(({ verdict, text }) => [verdict, text]),
      findings,
      name,
    )
    t.equal(wrong.length, findings.length, name)
    t.equal(code, wrong.some(({ verdict }) => verdict === 'bad') ? 1 : 0, name)
    t.ok(
      wrong.every(({ remedy }) => remedy),
      name,
    )
  }
})

t.test('nginx: a proxy that is not trusted, or too many that are', nginxSkip, async (t) => {
  const lines = Object.entries(right).map(([name, value]) => `proxy_set_header ${name} ${value};`)
  const behind = async (t: Test, trusted: Record<string, string>) => {
    const scene = await setScene(t, trusted)
    const location = `location / { proxy_pass ${scene.service.origin}; ${lines.join(' ')} }`
    return examineBehind(t, scene, 'nginx', nginxConfig(scene.port, scene.certificate, location))
  }
  await t.test('none', async (t) => {
    const { code, wrong } = await behind(t, { TRUSTED_PROXIES: '' })
    t.equal(code, 1)
    t.match(wrong, [
      {
        about: 'Trust',
        verdict: 'bad',
        text: /from 127\.0\.0\.1, but TRUSTED_PROXIES is not set/,
        remedy: /TRUSTED_PROXIES=127\.0\.0\.1\./,
      },
      { about: 'Scheme', verdict: 'bad', text: /what the proxy says is not believed/ },
      { about: 'Client', verdict: 'bad', text: /says X-Forwarded-For: 127\.0\.0\.1, but is not believed/ },
    ])
    t.equal(wrong.length, 3)
  })
  await t.test('another', async (t) => {
    const { wrong } = await behind(t, { TRUSTED_PROXIES: '10.0.0.2' })
    t.match(wrong[0], { text: /names 10\.0\.0\.2/, remedy: /TRUSTED_PROXIES=10\.0\.0\.2,127\.0\.0\.1\./ })
  })
  await t.test('a whole network', async (t) => {
    const { code, wrong } = await behind(t, { TRUSTED_PROXIES: '127.0.0.0/8' })
    t.equal(code, 0)
    t.match(wrong, [{ verdict: 'doubtful', text: /contains 127\.0\.0\.0\/8: each machine in there/ }])
    t.equal(wrong.length, 1)
  })
})

t.test('what does not lead to this service is named', nginxSkip, async (t) => {
  const scene = await setScene(t)
  const other = await createTestDatabase(t)
  const behind = async (location: string, settings: Record<string, string> = {}) => {
    const config = nginxConfig(scene.port, scene.certificate, location)
    const { code, wrong } = await examineBehind(
      t,
      { ...scene, settings: { ...scene.settings, ...settings } },
      'nginx',
      config,
    )
    t.equal(code, 1)
    return wrong
  }
  const toService = `location / { proxy_pass ${scene.service.origin}; }`
  const nowhere = await findFreePort()
  t.match(await behind('return 301 https://elsewhere.example$request_uri;'), [
    { text: /sends everybody on to https:\/\/elsewhere\.example/ },
  ])
  t.match(await behind(`location / { proxy_pass http://127.0.0.1:${nowhere}; }`), [
    { text: /answers 502: it does not reach/ },
  ])
  t.match(await behind('return 200 "hello";'), [{ text: /answers 200 at .* not this release of Latchkey/ }])
  t.match(await behind('return 404;'), [{ text: /answers 404 at .* not this release of Latchkey/ }])
  t.match(await behind('return 401;'), [{ text: /Something in front answers 401/ }])
  t.match(await behind(toService, { DATABASE_URL: databaseUrl(other.connection) }), [
    { text: /does not know of this command/ },
  ])
  t.match(
    await behind(`location / { proxy_pass ${scene.service.origin}; proxy_set_header Authorization ""; }`),
    [{ remedy: /drops the Authorization header/ }],
  )
  t.match(await behind(toService, { NODE_EXTRA_CA_CERTS: '' }), [
    { text: /certificate of .* is not accepted/ },
  ])
  t.match((await examine(scene)).wrong, [{ text: /Nothing listens at/ }])
})
