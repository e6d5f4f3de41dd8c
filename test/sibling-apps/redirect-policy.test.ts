import t from 'tap'
import { parseOriginPattern } from '../../src/sibling-apps/origin-pattern.js'
import { RedirectPolicy } from '../../src/sibling-apps/redirect-policy.js'

const own = 'https://login.example.com'
const allowedOrigins = ['https://app.example.com', 'http://localhost:4000', 'https://*.apps.example.org']
const policy = new RedirectPolicy({
  patterns: allowedOrigins.flatMap((text) => parseOriginPattern(text) ?? []),
})

t.test('sends to own paths as paths, and to allowed origins as absolute addresses', async (t) => {
  const sent: [asked: string, sent: string][] = [
    ['/dashboard', '/dashboard'],
    ['https://login.example.com/dashboard', '/dashboard'],
    ['/a/../b?x=1#y', '/b?x=1#y'],
    ['/', '/'],
    ['/é?q=ü', '/%C3%A9?q=%C3%BC'],
    ['/x//y', '/x//y'],
    ['https://app.example.com', 'https://app.example.com/'],
    ['https://APP.example.com:443/x y', 'https://app.example.com/x%20y'],
    ['https://app.example.com\\@evil.example/', 'https://app.example.com/@evil.example/'],
    ['http://localhost:4000/?a=b&c=%2F', 'http://localhost:4000/?a=b&c=%2F'],
    ['https://x.apps.example.org/', 'https://x.apps.example.org/'],
    ['https://a.b.apps.example.org/', 'https://a.b.apps.example.org/'],
  ]
  for (const [asked, url] of sent) t.strictSame(policy.decide(asked, own), { kind: 'allowed', url }, asked)
})

t.test('refuses everything else and says why', async (t) => {
  const refused: [asked: string, reason: string][] = [
    ['https://evil.example/', 'notAllowed'],
    ['https://app.example.com.evil.example/', 'notAllowed'],
    ['https://app.example.com./', 'notAllowed'],
    ['http://app.example.com/', 'notAllowed'],
    ['https://app.example.com:8443/', 'notAllowed'],
    ['https://apps.example.org/', 'notAllowed'],
    ['https://evilapps.example.org/', 'notAllowed'],
    ['https://.apps.example.org/', 'notAllowed'],
    ['https://x;y.apps.example.org/', 'notAllowed'],
    ['http://x.apps.example.org/', 'notAllowed'],
    ['https:\\\\evil.example', 'notAnAddress'],
    ['//evil.example', 'notAnAddress'],
    ['/.//evil.example', 'notAnAddress'],
    ['/..//evil.example', 'notAnAddress'],
    ['/x/..//evil.example', 'notAnAddress'],
    ['/./\\evil.example', 'notAnAddress'],
    ['https://login.example.com//evil.example', 'notAnAddress'],
    ['/\\evil.example', 'notAnAddress'],
    ['\\\\evil.example', 'notAnAddress'],
    ['/\t/evil.example', 'notAnAddress'],
    ['/\n/evil.example', 'notAnAddress'],
    ['/\0', 'notAnAddress'],
    ['/\u0085', 'notAnAddress'],
    ['/\ufffd', 'notAnAddress'],
    ['/\ud800', 'notAnAddress'],
    ['javascript:alert(1)', 'notAnAddress'],
    ['data:text/html,x', 'notAnAddress'],
    ['https:app.example.com', 'notAnAddress'],
    ['https://', 'notAnAddress'],
    ['https://user@app.example.com/', 'notAnAddress'],
    ['https://user:password@app.example.com/', 'notAnAddress'],
    ['dashboard', 'notAnAddress'],
    [' /dashboard', 'notAnAddress'],
    ['?x', 'notAnAddress'],
    [`/${'x'.repeat(4096)}`, 'tooLong'],
  ]
  for (const [asked, reason] of refused) {
    t.match(policy.decide(asked, own), { kind: 'refused', refusal: { address: asked, reason } }, asked)
  }
})

t.test('names the origin that the operator would have to allow', async (t) => {
  t.match(policy.decide('https://other.example/deep?path', own), {
    refusal: { origin: 'https://other.example' },
  })
})

t.test('takes origins with or without a wildcard for subdomains', async (t) => {
  const sources: [written: string, source: string][] = [
    ['https://app.example.com', 'https://app.example.com'],
    ['https://app.example.com/', 'https://app.example.com'],
    ['HTTPS://App.Example.com:443', 'https://app.example.com'],
    ['http://localhost:4000', 'http://localhost:4000'],
    ['https://*.example.com', 'https://*.example.com'],
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['http://my_app.local', 'http://my_app.local'],
    ['https://*.example.com:8443', 'https://*.example.com:8443'],
  ]
  for (const [written, source] of sources) t.equal(parseOriginPattern(written)?.source, source, written)
})

t.test('takes nothing as an origin that is none or allows too much', async (t) => {
  const refused = [
    '*',
    'https://*',
    'https://*.com',
    'https://*.co.uk',
    'https://*.github.io',
    'https://*.*.example.com',
    'https://a.*.example.com',
    'https://*example.com',
    'app.example.com',
    'https://app.example.com/path',
    'https://app.example.com?x',
    'https://user@app.example.com',
    'ftp://app.example.com',
    'https://',
    'javascript:alert(1)',
    'https://*.example.com/path',
    'https://app.example.com;script-src *',
    'https://app.example.com;',
    'https://*.com.',
    'https://app.example.com.',
    'http://[::1]:3590',
    'https://app.example.com;script-src',
    "https://app.example.com'",
    'https://$(x).example.com',
  ]
  for (const text of refused) t.equal(parseOriginPattern(text), null, text)
})
