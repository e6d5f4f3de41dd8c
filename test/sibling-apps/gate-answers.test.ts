import { validateHeaderValue } from 'node:http'
import t from 'tap'
import { isGroupName } from '../../src/accounts/is-group-name.js'
import { remoteHeaders } from '../../src/sibling-apps/remote-headers.js'
import { wantsHtml } from '../../src/sibling-apps/wants-html.js'

t.test('a page is wanted by who asks for HTML', async (t) => {
  const cases: [accept: string | undefined, wanted: boolean][] = [
    ['text/html', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/xhtml+xml, TEXT/HTML ;q=0.5', true],
    ['*/*', true],
    ['*/*;q=0.1, application/json', true],
    ['application/json, */*', false],
    ['application/json', false],
    ['text/*', false],
    ['text/html2', false],
    ['application/x;a=text/html', false],
    ['text/html;q=0', false],
    ['text/html; q=0.0, application/json', false],
    ['', false],
    [undefined, false],
  ]
  for (const [accept, wanted] of cases) {
    const headers = accept === undefined ? {} : { accept }
    t.equal(wantsHtml(headers), wanted, String(accept))
    t.notOk(wantsHtml({ ...headers, 'x-requested-with': 'XMLHttpRequest' }))
    t.notOk(wantsHtml({ ...headers, 'x-requested-with': 'xmlhttprequest' }))
    t.equal(
      wantsHtml({ ...headers, 'x-requested-with': 'com.example.app' }),
      wanted,
      'of an app in a web view',
    )
  }
})

t.test('all four headers are always there, in ASCII', async (t) => {
  t.strictSame(remoteHeaders({ username: 'Ada', displayName: null, email: null, groups: [] }), {
    'remote-user': 'Ada',
    'remote-name': 'Ada',
    'remote-email': '',
    'remote-groups': '',
  })
  const ada = { username: 'Ada', displayName: 'Ada, Countess', email: 'a%b@example.com' }
  t.strictSame(remoteHeaders({ ...ada, groups: ['staff', 'dev-ops'] }), {
    'remote-user': 'Ada',
    'remote-name': 'Ada, Countess',
    'remote-email': 'a%25b@example.com',
    'remote-groups': 'staff,dev-ops',
  })
  for (const displayName of ['100%', '%41da', '100% Ada', '%C3%BC ü', 'Ada, Countess', '%25']) {
    const named = remoteHeaders({ ...ada, displayName, groups: ['a%2Cb'] })
    t.equal(decodeURIComponent(named['remote-name']), displayName)
    t.equal(named['remote-groups'], 'a%252Cb')
  }
  const foreign = remoteHeaders({
    username: 'Żoë',
    displayName: '鍵 🔑',
    email: 'ü@пример.example',
    groups: ['a,admins', 'ż', 'x y'],
  })
  t.equal(decodeURIComponent(foreign['remote-user']), 'Żoë')
  t.equal(decodeURIComponent(foreign['remote-name']), '鍵 🔑')
  t.equal(decodeURIComponent(foreign['remote-email']), 'ü@пример.example')
  t.equal(foreign['remote-groups'], 'a%2Cadmins,%C5%BC,x%20y')
  const latin = remoteHeaders({ username: 'Zoë', displayName: null, email: 'a\r\nb', groups: ['\n'] })
  t.equal(latin['remote-user'], 'Zo%C3%AB', 'not as Latin-1')
  t.equal(latin['remote-name'], 'Zo%C3%AB')
  for (const [name, value] of Object.entries({ ...foreign, ...latin })) {
    t.match(value, /^[\x20-\x7e]*$/)
    t.doesNotThrow(() => validateHeaderValue(name, value))
  }
})

t.test('a group has a plain name', async (t) => {
  for (const name of ['a', 'Staff', '1a', 'dev-ops', 'team_1.b', 'x'.repeat(64)])
    t.ok(isGroupName(name), name)
  for (const name of ['', '-a', 'a b', 'a,b', 'ä', 'x'.repeat(65), 'signed-in', 'nobody', 'Nobody', 'a\n']) {
    t.notOk(isGroupName(name), name)
  }
})
