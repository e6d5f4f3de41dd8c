import t from 'tap'
import { AccessRules } from '../../src/sibling-apps/access-rules.js'
import { parseAccessRules } from '../../src/sibling-apps/parse-access-rules.js'

function read(text: string): AccessRules {
  const { rules, problems } = parseAccessRules(text)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return new AccessRules(rules)
}

t.test('without rules everybody who is signed in may go everywhere', async (t) => {
  t.ok(read('').permits('app.example.com', '/%2e%2e/;x', []))
})

t.test('the first rule that fits decides, by host, path and group', async (t) => {
  const rules = read(`
    # The wiki is for all, its settings are not.
    wiki.example.com/admin : admins, editors
    wiki.example.com : signed-in; WIKI.example.org/a%20b/ : admins
    *.lab.example.com : scientists
    bücher.example.com : readers
    [::1] : admins
    closed.example.com : nobody
    * : staff
  `)
  const cases: [host: string, path: string, groups: string[], permitted: boolean][] = [
    ['wiki.example.com', '/admin', ['admins'], true],
    ['wiki.example.com', '/admin/', ['editors', 'x'], true],
    ['wiki.example.com', '/admin/users', [], false],
    ['wiki.example.com', '/admin/users', ['admin', 'adminsx', 'Admins'], false],
    ['wiki.example.com', '/%61dmin', ['staff'], false],
    ['wiki.example.com', '/administrator', [], true],
    ['wiki.example.com', '/x/admin', [], true],
    ['wiki.example.com', '/', [], true],
    ['wiki.example.org', '/a%20b/c', ['admins'], true],
    ['wiki.example.org', '/a%20b/c', ['staff'], false],
    ['wiki.example.org', '/a', ['staff'], true],
    ['wiki.example.org', '/a', ['admins'], false],
    ['a.lab.example.com', '/', ['scientists'], true],
    ['a.b.lab.example.com', '/', ['scientists'], true],
    ['a.b.lab.example.com', '/', ['staff'], false],
    ['lab.example.com', '/', ['staff'], true],
    ['evillab.example.com', '/', ['scientists'], false],
    ['xn--bcher-kva.example.com', '/', ['readers'], true],
    ['xn--bcher-kva.example.com', '/', ['staff'], false],
    ['[::1]', '/', ['staff'], false],
    ['closed.example.com', '/', ['staff', 'nobody', 'signed-in'], false],
    ['other.example.com', '/', [], false],
    ['other.example.com', '/', ['staff'], true],
  ]
  for (const [host, path, groups, permitted] of cases) {
    t.equal(rules.permits(host, path, groups), permitted, `${host}${path} for ${groups.join()}`)
  }
})

t.test('what could be read in two ways is refused where a path rule exists, and only there', async (t) => {
  const rules = read('app.example.com/admin : admins; app.example.com/Über : admins')
  const ambiguous = [
    '/./x',
    '/../admin',
    '/x/../admin',
    '/x/..',
    '/%2e%2e/admin',
    '/.%2E/admin',
    '/x//admin',
    '//admin',
    '/x;/admin',
    '/admin;x=1',
    '/x%3bb',
    '/x%2fadmin',
    '/x%2Fadmin',
    '/x%5cadmin',
    '/x\\admin',
    '/%252e%252e/admin',
    '/%2561dmin',
    '/%256%31dmin',
    '/%25%36%31dmin',
    '/x/%25%32%65%25%32%65/admin',
    '/x%25%32%66..%25%32%66admin',
    '/admin%3fx',
    '/admin%23x',
    '/admin.',
    '/admin%2e',
    '/admin%20',
    '/admin::$DATA',
    '/adm%C4%B1n',
    '/%EF%BC%8Fadmin',
    '/x/%EF%BC%8E%EF%BC%8E/admin',
    '/%00',
    '/x%0a',
    '/%c2%85',
    '/%ff',
    '/%c0%afadmin',
    '/%',
    '/%4',
    '/%zz',
    '/Admin',
    '/ADMIN/x',
    '/%41dmin',
    '/%EF%BD%81dmin',
    '/%C3%9CBER',
    '/U%CC%88ber',
    '',
    'admin',
  ]
  for (const path of ambiguous) {
    t.notOk(rules.permits('app.example.com', path, ['admins']), path)
    t.ok(rules.permits('other.example.com', path, []), `${path} elsewhere`)
  }
  const plain = [
    '/',
    '/x',
    '/x/',
    '/a.b/..c/...d',
    '/100%25',
    '/%C3%BC/%20x',
    '/a:b@c,d=e+f!$&()*~',
    '/%2Ehidden',
  ]
  for (const path of plain) t.ok(rules.permits('app.example.com', path, []), path)
})

t.test('a writing of capitals that makes no difference is let in', async (t) => {
  const rules = read('app.example.com/admin : admins; app.example.com : signed-in')
  t.notOk(rules.permits('app.example.com', '/Admin', []))
  t.ok(rules.permits('app.example.com', '/Other', []))
  const same = read('app.example.com/Admin : admins')
  t.ok(same.permits('app.example.com', '/Admin', ['admins']))
  t.notOk(same.permits('app.example.com', '/admin', ['admins']))
})

t.test('rules may be on lines of any writing', async (t) => {
  const { rules, problems } = parseAccessRules(
    '\r\n#x : y\r\n a.example.com:b,c  d \r\n\r\n;;e.example.com/f : signed-in;',
  )
  t.strictSame(problems, [])
  t.strictSame(rules, [
    { host: 'a.example.com', path: [], who: { kind: 'groups', groups: ['b', 'c', 'd'] } },
    { host: 'e.example.com', path: ['f'], who: { kind: 'signedIn' } },
  ])
})

t.test('every malformed rule is named with its line', async (t) => {
  const wrong: [rule: string, words: RegExp][] = [
    ['app.example.com', /does not say who/],
    ['app.example.com :', /does not say who/],
    [': admins', /does not begin with a host/],
    ['https://app.example.com : admins', /begins with a scheme/],
    ['app.example.com:8443 : admins', /has a port/],
    ['app.example.com:80/a : admins', /has a port/],
    ['app.*.example.com : admins', /does not begin with a host/],
    ['*example.com : admins', /does not begin with a host/],
    ['user@app.example.com : admins', /does not begin with a host/],
    ['two hosts : admins', /does not begin with a host/],
    ['app.example.com/a* : admins', /path that is not plain/],
    ['app.example.com/../a : admins', /path that is not plain/],
    ['app.example.com/a//b : admins', /path that is not plain/],
    ['app.example.com/a?b=c : admins', /path that is not plain/],
    ['app.example.com/a%2fb : admins', /path that is not plain/],
    ['app.example.com:8443', /does not say who/],
    ['app.example.com : -admins', /"-admins", which cannot be a group/],
    ['app.example.com : admins ä', /"ä", which cannot be a group/],
    ['app.example.com : Nobody', /"Nobody", which cannot be a group/],
    ['app.example.com : admins nobody', /stand alone/],
    ['app.example.com : signed-in, admins', /stand alone/],
    ['first.example.com/a/b : admins', /never reached, line 1 decides/],
    ['x.first.example.org : admins', /never reached, line 1 decides/],
    ['*.x.first.example.org : admins', /never reached, line 1 decides/],
  ]
  for (const [rule, words] of wrong) {
    const first = 'first.example.com/a : nobody; *.first.example.org : nobody'
    const { problems } = parseAccessRules(`${first}\n\n${rule}\nlast.example.com : admins`)
    t.equal(problems.length, 1, rule)
    t.match(problems[0], words)
    t.match(problems[0], `line 3: "${rule.trim()}" `)
  }
  t.equal(parseAccessRules('* : nobody\na.example.com : b\n*.example.com : c').problems.length, 2)
})
