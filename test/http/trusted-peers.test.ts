import type { Socket } from 'node:net'
import { pino } from 'pino'
import t from 'tap'
import { cookieValues } from '../../src/http/cookie-values.js'
import { createServer } from '../../src/http/server.js'
import { TrustedPeers } from '../../src/http/trusted-peers.js'

type Seen = { ip: string; host: string; trusted: boolean }

async function see(
  trustedProxies: string[],
  remoteAddress: string,
  headers: Record<string, string> = {},
): Promise<Seen> {
  const peers = new TrustedPeers(trustedProxies)
  const settings = { serviceName: 'x', publicOrigin: null, trustedProxies, formTargets: () => [] }
  const limits = { requestSeconds: 1, keepAliveSeconds: 1, connections: 100 }
  const app = await createServer({ ...settings, limits, logger: pino({ level: 'silent' }) }, (server) => {
    server.get('/', (req) => ({ ip: req.ip, host: req.host, trusted: peers.trusts(req.raw.socket) }))
  })
  const answer = await app.inject({ url: '/', remoteAddress, headers: { host: 'inner', ...headers } })
  await app.close()
  return answer.json<Seen>()
}

t.test('a peer is trusted when it is listed, by address or network', async (t) => {
  const list = ['10.0.0.2', '192.168.0.0/16', 'fd00::/8', '2001:db8::7']
  const trusted = [
    '10.0.0.2',
    '::ffff:10.0.0.2',
    '192.168.255.1',
    '::ffff:192.168.1.1',
    'fd12::1',
    '2001:db8::7',
  ]
  const strangers = [
    '10.0.0.3',
    '::ffff:10.0.0.3',
    '192.169.0.1',
    'fe80::1',
    '2001:db8::8',
    '::1',
    '127.0.0.1',
  ]
  for (const [addresses, verdict] of [
    [trusted, true],
    [strangers, false],
  ] as const) {
    for (const address of addresses) {
      const seen = await see(list, address, { 'x-forwarded-host': 'outer' })
      t.equal(seen.trusted, verdict, address)
      t.equal(seen.host, verdict ? 'outer' : 'inner', `${address}, as Fastify sees it`)
    }
  }
  const ask = (remoteAddress?: string) =>
    new TrustedPeers(['fe80::/10', '127.0.0.1']).trusts({ remoteAddress } as Socket)
  t.ok(ask('fe80::1%eth0'), 'with its interface')
  t.notOk(ask(undefined), 'a connection that is gone')
  t.notOk(ask('%eth0'))
  t.notOk((await see([], '127.0.0.1')).trusted, 'nobody by default')
})

t.test('the client is the first address from the right that is no listed proxy', async (t) => {
  const list = ['10.0.0.0/8']
  const cases: [peer: string, chain: string, client: string][] = [
    ['10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['10.0.0.1', '10.0.0.5, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '10.0.0.5, 10.0.0.6', '10.0.0.5'],
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['203.0.113.9', '10.0.0.1', '203.0.113.9'],
  ]
  for (const [peer, chain, client] of cases) {
    t.equal((await see(list, peer, { 'x-forwarded-for': chain })).ip, client, `${peer} says ${chain}`)
  }
})

t.test('all cookies of a name are found, and no others', async (t) => {
  const cases: [header: string | undefined, values: string[]][] = [
    [undefined, []],
    ['', []],
    ['a', []],
    ['a=', ['']],
    ['a=1', ['1']],
    ['a=1; a=2', ['1', '2']],
    ['a=1;a=2;  a=3 ;', ['1', '2', '3']],
    ['b=a=1; xa=2; ax=3; a =4; A=5', []],
    ['b=1; a=x=y', ['x=y']],
    ['"; a=1', ['1']],
  ]
  for (const [header, values] of cases) t.strictSame(cookieValues(header, 'a'), values, String(header))
})
