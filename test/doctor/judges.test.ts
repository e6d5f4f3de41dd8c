import t from 'tap'
import { broadEntries, isListed } from '../../src/doctor/address-list.js'
import { forged, type Examination } from '../../src/doctor/examination.js'
import { judgeAddress } from '../../src/doctor/judge-address.js'
import { judgeClock } from '../../src/doctor/judge-clock.js'
import { judgeCookie } from '../../src/doctor/judge-cookie.js'
import { judgeForgery } from '../../src/doctor/judge-forgery.js'
import { judgeForwarding } from '../../src/doctor/judge-forwarding.js'
import { judgeTrust } from '../../src/doctor/judge-trust.js'
import type { Sighting } from '../../src/doctor/sighting.js'
import { originsUnder } from '../../src/sibling-apps/origins-under.js'

const url = new URL('https://login.example.com')
const [doctorAddress, stranger, outer, inner] = ['192.0.2.10', '198.51.100.4', '10.0.0.3', '10.0.0.2']

/** A request that came through the proxies as it should, with what is different. */
function sighting(
  forwardedFor: string,
  changes: Partial<Sighting> = {},
  settings: Partial<Sighting['settings']> = {},
): Sighting {
  return {
    scheme: 'https',
    host: 'login.example.com',
    clientAddress: doctorAddress,
    peerAddress: inner,
    peerPort: 40_000,
    headers: [
      ['host', 'login.example.com'],
      ['x-forwarded-proto', 'https'],
      ['x-forwarded-host', 'login.example.com'],
      ...(forwardedFor === '' ? [] : [['x-forwarded-for', forwardedFor] as const]),
    ],
    clockOffsetMs: 0,
    settings: {
      publicOrigin: url.origin,
      trustedProxies: [inner],
      cookieDomain: null,
      allowedOrigins: [],
      ...settings,
    },
    ...changes,
  }
}

function examination(changes: Partial<Examination> = {}): Examination {
  return {
    url,
    plain: sighting(doctorAddress),
    forgery: sighting(`${forged.address}, ${doctorAddress}`),
    isDirect: false,
    ownAddresses: ['127.0.0.1', doctorAddress],
    hasHsts: true,
    commandTrustedProxies: [inner],
    ...changes,
  }
}

function judgeAll(changes: Partial<Examination>): string[] {
  const all = examination(changes)
  return [judgeAddress, judgeTrust, judgeForwarding, judgeForgery]
    .flatMap((judge) => judge(all))
    .filter(({ verdict }) => verdict !== 'good')
    .map(({ verdict, about, text }) => `${verdict} ${about}: ${text}`)
}

t.test('says of each way what is wrong with it, and nothing of what is right', async (t) => {
  const chain = { trustedProxies: [inner, outer] }
  const cases: [name: string, changes: Partial<Examination>, wrong: RegExp[]][] = [
    ['a sound proxy', {}, []],
    ['one that overwrites what clients say', { forgery: sighting(doctorAddress) }, []],
    [
      'the doctor beside the proxy, both at a trusted address',
      {
        plain: sighting(
          '127.0.0.1',
          { clientAddress: '127.0.0.1' },
          { trustedProxies: [inner, '127.0.0.1'] },
        ),
        forgery: sighting(
          `${forged.address}, 127.0.0.1`,
          { clientAddress: forged.address },
          { trustedProxies: [inner, '127.0.0.1'] },
        ),
        commandTrustedProxies: ['127.0.0.1', inner],
      },
      [/^doubtful Forgery: .* cannot be told from here/],
    ],
    [
      'clients in a trusted network',
      {
        plain: sighting(stranger, { clientAddress: stranger }, { trustedProxies: [inner, stranger] }),
        forgery: sighting(
          `${forged.address}, ${stranger}`,
          { clientAddress: forged.address },
          { trustedProxies: [inner, stranger] },
        ),
        commandTrustedProxies: [inner, stranger],
      },
      [
        /doubtful Client: Latchkey takes 198\.51\.100\.4 for the client, which TRUSTED_PROXIES contains/,
        /bad Forgery: A client that comes from 198\.51\.100\.4 can choose/,
      ],
    ],
    [
      'a sound chain',
      {
        plain: sighting(`${doctorAddress}, ${outer}`, {}, chain),
        forgery: sighting(`${forged.address}, ${doctorAddress}, ${outer}`, {}, chain),
        commandTrustedProxies: chain.trustedProxies,
      },
      [],
    ],
    [
      'a chain whose outer proxy lets clients write',
      {
        plain: sighting(outer, { clientAddress: outer }, chain),
        forgery: sighting(`${forged.address}, ${outer}`, { clientAddress: forged.address }, chain),
        commandTrustedProxies: chain.trustedProxies,
      },
      [
        /doubtful Client: Latchkey takes 10\.0\.0\.3 for the client/,
        /bad Forgery: A client that comes from 10\.0\.0\.3/,
      ],
    ],
    [
      'a network address translated on the way',
      {
        plain: sighting(stranger, { clientAddress: stranger }),
        forgery: sighting(`${forged.address}, ${stranger}`),
      },
      [],
    ],
    [
      'settings that differ',
      { commandTrustedProxies: [] },
      [/doubtful Settings: This command finds another TRUSTED_PROXIES/],
    ],
    [
      'another public address',
      { plain: sighting(doctorAddress, {}, { publicOrigin: 'https://old.example.com' }) },
      [/bad PUBLIC_URL: The service takes https:\/\/old\.example\.com/],
    ],
    [
      'none',
      { plain: sighting(doctorAddress, {}, { publicOrigin: null }) },
      [/doubtful PUBLIC_URL: The service is not told/],
    ],
    ['no HSTS', { hasHsts: false }, [/doubtful HTTPS: No Strict-Transport-Security/]],
    [
      'plain http',
      {
        url: new URL('http://login.example.com'),
        plain: sighting(doctorAddress, { scheme: 'http' }, { publicOrigin: 'http://login.example.com' }),
      },
      [/bad HTTPS: Passwords and sessions cross/],
    ],
    [
      'a host that is said but not believed',
      {
        plain: sighting(doctorAddress, { host: '10.0.0.9:3000' }, { trustedProxies: ['10.9.9.9'] }),
        commandTrustedProxies: ['10.9.9.9'],
      },
      [
        /bad Trust/,
        /bad Host: The proxy changes the host to 10\.0\.0\.9:3000 and says so, but is not believed/,
        /bad Client/,
      ],
    ],
    [
      'a trusted network that is too wide',
      {
        plain: sighting(doctorAddress, {}, { trustedProxies: ['10.0.0.0/8'] }),
        commandTrustedProxies: ['10.0.0.0/8'],
      },
      [/doubtful Trust: TRUSTED_PROXIES contains 10\.0\.0\.0\/8/],
    ],
    [
      'past the proxy',
      { isDirect: true, plain: sighting('', { peerAddress: doctorAddress }) },
      [/doubtful Trust: TRUSTED_PROXIES names 10\.0\.0\.2, but this request came past every proxy/],
    ],
  ]
  for (const [name, changes, wrong] of cases) {
    const found = judgeAll(changes)
    t.equal(found.length, wrong.length, `${name}: ${found.join(' ')}`)
    t.match(found, wrong, name)
  }
})

t.test('the default port may be in the host or not', async (t) => {
  for (const host of ['login.example.com:443', 'LOGIN.example.com']) {
    t.strictSame(judgeAll({ plain: sighting(doctorAddress, { host }) }), [], host)
  }
})

t.test('tells whether the session reaches the apps', async (t) => {
  const underDomain = originsUnder('example.com', url.origin).map(({ source }) => source)
  const cases: [cookieDomain: string | null, origins: string[], verdict: string, text: RegExp][] = [
    [null, [], 'good', /belongs to login\.example\.com alone\.$/],
    [null, ['https://login.example.com'], 'good', /alone\.$/],
    [
      null,
      ['https://app.example.com'],
      'doubtful',
      /not show it to app\.example\.com.*COOKIE_DOMAIN=example\.com\./,
    ],
    [null, ['https://*.apps.example.com:8443'], 'doubtful', /COOKIE_DOMAIN=example\.com/],
    [null, ['https://app.example.org'], 'doubtful', /share no parent domain/],
    [null, ['http://192.0.2.1'], 'doubtful', /share no parent domain/],
    [
      'example.com',
      ['https://app.example.com', 'https://*.example.com'],
      'good',
      /everything under example\.com/,
    ],
    [
      'example.com',
      ['https://app.example.org', 'https://badexample.com'],
      'doubtful',
      /leaves out app\.example\.org, badexample\.com/,
    ],
    ['example.com', underDomain, 'good', /everything under example\.com/],
    [null, ['http://[::1]:4000'], 'doubtful', /not show it to \[::1\].*share no parent domain/],
    ['example.org', [], 'bad', /does not cover login\.example\.com/],
  ]
  for (const [cookieDomain, allowedOrigins, verdict, text] of cases) {
    const found = judgeCookie({ url, plain: sighting('', {}, { cookieDomain, allowedOrigins }) })
    t.equal(found.verdict, verdict, `${cookieDomain} ${allowedOrigins.join()}`)
    t.match(`${found.text} ${found.remedy ?? ''}`.trim(), text)
  }
})

t.test('tells when clocks differ', async (t) => {
  const cases: [offsetMs: number, verdict: string, text: RegExp][] = [
    [0, 'good', /agree/],
    [-1000, 'good', /agree/],
    [1500, 'doubtful', /1\.5 s ahead of/],
    [-9000, 'doubtful', /9\.0 s behind/],
    [90_000, 'bad', /90 s ahead of/],
  ]
  for (const [clockOffsetMs, verdict, text] of cases) {
    t.match(judgeClock({ plain: sighting('', { clockOffsetMs }) }), { verdict, text }, String(clockOffsetMs))
  }
})

t.test('reads lists of addresses and networks', async (t) => {
  const list = ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8']
  for (const address of ['127.0.0.1', '10.255.0.1', '::1', 'fd12::1']) t.ok(isListed(address, list), address)
  for (const address of ['127.0.0.2', '11.0.0.1', '::2', 'fe80::1', 'unknown', '']) {
    t.notOk(isListed(address, list), address)
  }
  t.strictSame(broadEntries([...list, '192.0.2.0/24', '192.0.2.0/23', 'fd00::/64']), [
    '10.0.0.0/8',
    'fd00::/8',
    '192.0.2.0/23',
  ])
})
