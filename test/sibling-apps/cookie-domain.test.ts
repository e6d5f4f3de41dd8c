import t from 'tap'
import { ConfigError, readConfig } from '../../src/config.js'
import { isPublicSuffix } from '../../src/sibling-apps/is-public-suffix.js'
import { judgeCookieDomain } from '../../src/sibling-apps/judge-cookie-domain.js'
import { originsUnder } from '../../src/sibling-apps/origins-under.js'

t.test('knows where anybody may register a name', async (t) => {
  const suffixes = [
    'com',
    'co.uk',
    'github.io',
    'ck',
    'foo.ck',
    'xn--55qx5d.cn',
    's3.amazonaws.com',
    'localhost',
    'lan',
  ]
  for (const suffix of suffixes) t.ok(isPublicSuffix(suffix), suffix)
  const names = [
    'example.com',
    'login.example.com',
    'example.co.uk',
    'me.github.io',
    'www.ck',
    'home.lan',
    'a.home.arpa',
  ]
  for (const name of names) t.notOk(isPublicSuffix(name), name)
})

t.test('takes a domain that covers the address of Latchkey, and nothing else', async (t) => {
  const own = 'https://login.example.com'
  const cases: [written: string, outcome: object][] = [
    ['example.com', { kind: 'valid', domain: 'example.com' }],
    ['.Example.COM', { kind: 'valid', domain: 'example.com' }],
    ['login.example.com', { kind: 'valid', domain: 'login.example.com' }],
    ['com', { kind: 'publicSuffix' }],
    ['co.uk', { kind: 'publicSuffix' }],
    ['localhost', { kind: 'publicSuffix' }],
    ['127.0.0.1', { kind: 'address' }],
    ['0x7f.1', { kind: 'address' }],
    ['[::1]', { kind: 'address' }],
    ['example.org', { kind: 'notOurs', hostname: 'login.example.com' }],
    ['gin.example.com', { kind: 'notOurs' }],
    ['app.login.example.com', { kind: 'notOurs' }],
    ['*.example.com', { kind: 'malformed' }],
    ['https://example.com', { kind: 'malformed' }],
    ['example.com/', { kind: 'malformed' }],
    ['example.com:443', { kind: 'malformed' }],
    ['example.com:8443', { kind: 'malformed' }],
    ['user@example.com', { kind: 'malformed' }],
    ['example.com;x', { kind: 'malformed' }],
    ['example.com example.org', { kind: 'malformed' }],
    ['..example.com', { kind: 'malformed' }],
    ['example.com.', { kind: 'malformed' }],
    ['.', { kind: 'malformed' }],
  ]
  for (const [written, outcome] of cases) t.match(judgeCookieDomain(written, own), outcome, written)
  t.match(judgeCookieDomain('Bücher.example', 'https://xn--bcher-kva.example'), {
    domain: 'xn--bcher-kva.example',
  })
})

t.test('a domain that cannot be used stops the start with a sentence', async (t) => {
  const start = (domain: string, url = 'https://login.example.com') => {
    const error = t.throws(() => readConfig({ COOKIE_DOMAIN: domain, PUBLIC_URL: url }), ConfigError)
    return (error as unknown as Error).message
  }
  t.match(start('co.uk', 'https://login.co.uk'), 'COOKIE_DOMAIN must not be "co.uk": anybody can have a name')
  t.match(start('github.io', 'https://me.github.io'), 'must not be "github.io"')
  t.match(start('127.0.0.1', 'http://127.0.0.1:3000'), 'addresses cannot share a cookie')
  t.match(start('example.org'), 'login.example.com of PUBLIC_URL does not lie in that domain')
  t.match(start('https://example.com'), 'must be a domain such as example.com')
  t.throws(() => readConfig({ COOKIE_DOMAIN: 'example.com' }), { message: /COOKIE_DOMAIN needs PUBLIC_URL/ })
  const mistyped = start('example.com', 'login.example.com')
  t.match(mistyped, 'PUBLIC_URL must be')
  t.notMatch(mistyped, 'COOKIE_DOMAIN', 'which may well be right')
  const config = readConfig({ COOKIE_DOMAIN: 'example.com', PUBLIC_URL: 'https://login.example.com' })
  t.equal(config.cookieDomain, 'example.com')
  t.equal(readConfig({}).cookieDomain, null)
})

t.test('malformed access rules stop the start, from a file too', async (t) => {
  t.throws(() => readConfig({ ACCESS_RULES: 'a.example.com : b\nc.example.com' }), {
    message: /^ACCESS_RULES, line 2: "c\.example\.com" does not say who may come in, as in .*\.$/,
  })
  const folder = t.testdir({ rules: 'a.example.com : b\n\nc.example.com : -d\n' })
  t.throws(() => readConfig({ ACCESS_RULES_FILE: `${folder}/rules` }), { message: /^ACCESS_RULES, line 3/ })
  t.strictSame(readConfig({ ACCESS_RULES: 'a.example.com : b' }).accessRules, [
    { host: 'a.example.com', path: [], who: { kind: 'groups', groups: ['b'] } },
  ])
})

t.test('the origins under a domain are those that get its cookie', async (t) => {
  const covered = (own: string, address: string) =>
    originsUnder('example.com', own).some((pattern) => pattern.matches(new URL(address)))
  for (const own of ['https://login.example.com', 'http://login.example.com']) {
    t.ok(covered(own, 'https://app.example.com/'))
    t.ok(covered(own, 'https://a.b.example.com:8443/'))
    t.ok(covered(own, 'https://example.com/'))
    t.notOk(covered(own, 'https://evilexample.com/'))
    t.notOk(covered(own, 'https://example.com.evil.example/'))
    t.notOk(covered(own, 'https://app.example.com./'))
    t.notOk(covered(own, 'ftp://app.example.com/'))
  }
  t.ok(covered('http://login.example.com', 'http://app.example.com:4000/'))
  t.notOk(covered('https://login.example.com', 'http://app.example.com/'), 'a cookie for https only')
})
