import t from 'tap'
import { readAskedHeaders } from '../../src/sibling-apps/asked-headers.js'

t.test('what decides is picked out, in whatever case it was sent', async (t) => {
  const asked = readAskedHeaders(
    [
      ['Host', 'login.example.com'],
      ['COOKIE', 'a=b'],
      ['X-Forwarded-Method', 'GET'],
      ['x-forwarded-proto', 'https'],
      ['X-FORWARDED-HOST', 'app.example.com'],
      ['X-Forwarded-Uri', '/x'],
      ['X-Original-URL', 'https://app.example.com/x'],
      ['X-Original-Method', ''],
      ['Accept', 'text/html'],
      ['accept', '*/*'],
    ].flat(),
  )
  t.strictSame(asked, {
    cookie: 'a=b',
    'x-forwarded-method': 'GET',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'app.example.com',
    'x-forwarded-uri': '/x',
    'x-original-method': '',
    'x-original-url': 'https://app.example.com/x',
  })
})

t.test('nothing is picked where more came than proxies send', async (t) => {
  const others = Array.from({ length: 99 }, (_, index) => [`x-other-${index}`, '']).flat()
  t.match(readAskedHeaders([...others, 'Cookie', 'a=b']), { cookie: 'a=b' })
  t.equal(readAskedHeaders([...others, 'x-other', '', 'Cookie', 'a=b']), null)
})

t.test('nothing is picked where one of them came twice', async (t) => {
  const names = [
    'cookie',
    'x-forwarded-method',
    'x-forwarded-proto',
    'x-forwarded-host',
    'x-forwarded-uri',
    'x-original-method',
    'x-original-url',
  ]
  for (const name of names) {
    for (const values of [
      ['a', 'a'],
      ['a', ''],
      ['', 'b'],
    ]) {
      const sent = values.flatMap((value, index) => [index === 0 ? name : name.toUpperCase(), value])
      t.equal(readAskedHeaders(['Host', 'login.example.com', ...sent]), null, name)
    }
  }
})
