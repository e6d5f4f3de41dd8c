import t from 'tap'
import {
  addressOf,
  readForwardedTarget,
  readOriginalTarget,
} from '../../src/sibling-apps/forwarded-target.js'

type Parts = { method?: string; proto?: string; host?: string; uri?: string }

const good = { method: 'GET', proto: 'https', host: 'app.example.com', uri: '/' }
const forward = (parts: Parts) => {
  const { method, proto, host, uri } = { ...good, ...parts }
  return readForwardedTarget({
    'x-forwarded-method': method,
    'x-forwarded-proto': proto,
    'x-forwarded-host': host,
    'x-forwarded-uri': uri,
  })
}
const original = (parts: Parts) => {
  const { method, proto, host, uri } = { ...good, ...parts }
  return readOriginalTarget({ 'x-original-method': method, 'x-original-url': `${proto}://${host}${uri}` })
}

t.test('puts the address together as the browser had it', async (t) => {
  const read: [parts: Parts, href: string, path: string][] = [
    [{}, 'https://app.example.com/', '/'],
    [{ uri: '/a/b?c=d&e=%2F' }, 'https://app.example.com/a/b?c=d&e=%2F', '/a/b'],
    [{ uri: '/?' }, 'https://app.example.com/?', '/'],
    [{ uri: '/a?b?c/d\\e//f' }, 'https://app.example.com/a?b?c/d\\e//f', '/a'],
    [{ uri: '/a/../b' }, 'https://app.example.com/b', '/a/../b'],
    [{ uri: '/a//b' }, 'https://app.example.com/a//b', '/a//b'],
    [{ uri: '/@evil.example' }, 'https://app.example.com/@evil.example', '/@evil.example'],
    [{ uri: '/\u00c3\u00bc?\u00ff' }, 'https://app.example.com/%C3%BC?%FF', '/%C3%BC'],
    [{ host: 'APP.Example.com' }, 'https://app.example.com/', '/'],
    [{ host: 'app.example.com:443' }, 'https://app.example.com/', '/'],
    [{ host: 'app.example.com:8443' }, 'https://app.example.com:8443/', '/'],
    [{ host: '[2001:DB8::1]:8443' }, 'https://[2001:db8::1]:8443/', '/'],
    [{ host: 'xn--bcher-kva.example.com' }, 'https://xn--bcher-kva.example.com/', '/'],
    [{ host: 'my_app.example.com' }, 'https://my_app.example.com/', '/'],
    [{ proto: 'http', host: 'localhost:4000' }, 'http://localhost:4000/', '/'],
    [{ proto: 'wss' }, 'https://app.example.com/', '/'],
    [{ proto: 'ws' }, 'http://app.example.com/', '/'],
    [{ method: 'PROPFIND' }, 'https://app.example.com/', '/'],
  ]
  for (const [parts, href, path] of read) {
    for (const target of [forward(parts), original(parts)]) {
      t.match(target, { kind: 'target', method: parts.method ?? 'GET', path }, JSON.stringify(parts))
      t.equal(target.kind === 'target' && addressOf(target), href)
    }
  }
  t.match(original({ uri: '' }), { kind: 'target', path: '/' })
})

t.test('refuses what is missing, doubled or not what it should be', async (t) => {
  const refused: Parts[] = [
    ...['', 'get', 'Get', 'GET, POST', 'GET ', 'M-SEARCH', 'G\u00cbT', '1'].map((method) => ({ method })),
    ...[
      '',
      'ftp',
      'javascript',
      'HTTPS',
      'https, http',
      'https:',
      ' https',
      'file',
      'data',
      'constructor',
    ].map((proto) => ({ proto })),
    ...[
      '',
      'a.example.com, b.example.com',
      'user@app.example.com',
      'user:password@app.example.com',
      'app.example.com:',
      'app.example.com:x',
      'app.example.com:99999',
      'app.example.com:1:2',
      'app.example.com\\',
      'app.example.com#',
      'app.example.com?',
      'app.example.com;x',
      'app%2eexample.com',
      'app example.com',
      'b\u00fccher.example.com',
      '[::1',
      '[::g]',
      '[fe80::1%25eth0]',
      '::1',
      '999.1.1.1',
      '.',
      '.example.com',
      'app..example.com',
      'app.example.com.',
    ].map((host) => ({ host })),
    ...[
      '//evil.example',
      '/\\evil.example',
      '/a\\b',
      '/a b',
      '/a, /b',
      '/a#b',
      '/a\tb',
      '/a\u007f',
      '/\u0000',
    ].map((uri) => ({ uri })),
  ]
  for (const parts of refused) {
    t.match(forward(parts), { kind: 'malformed', problem: /\w+.*\.$/ }, JSON.stringify(parts))
    t.match(original(parts), { kind: 'malformed', problem: /\w+.*\.$/ }, JSON.stringify(parts))
  }
  for (const uri of [
    '',
    'a',
    'https://app.example.com/',
    '*',
    '?a',
    '@evil.example',
    ':80',
    '.evil.example',
  ]) {
    t.match(forward({ uri }), { kind: 'malformed' }, `forwarded ${uri}`)
  }
  for (const address of [
    '',
    '/',
    '//app.example.com/',
    'https:/app.example.com',
    'app.example.com/',
    'https://',
  ]) {
    const headers = { 'x-original-method': 'GET', 'x-original-url': address }
    t.match(readOriginalTarget(headers), { kind: 'malformed' }, `original ${address}`)
  }
})

t.test('names the header that is missing, and never an address', async (t) => {
  const names = ['X-Forwarded-Method', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Uri']
  for (const [index, part] of (['method', 'proto', 'host', 'uri'] as const).entries()) {
    t.match(forward({ [part]: '' }), { problem: `The header ${names[index]} is missing` })
  }
  t.match(readOriginalTarget({}), { problem: 'X-Original-Method is missing' })
  t.match(readOriginalTarget({ 'x-original-method': 'GET' }), { problem: 'X-Original-URL is missing' })
  t.notMatch(forward({ uri: '//secret' }), { problem: 'secret' })
})
