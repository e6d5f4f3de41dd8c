import t from 'tap'
import type { Queryable } from '../../src/database/queryable.js'
import { createTestDatabase } from '../database/test-database.js'
import { runService } from '../flows/running-service.js'
import { TestBrowser } from '../flows/test-browser.js'
import { databaseUrl, quickHashing, runCommand } from './run-command.js'

const password = 'correct horse battery'

async function eventsByOperator(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ kind: string }>(
    'select kind from security_events where client_address is null order by id',
  )
  return rows.map(({ kind }) => kind)
}

async function endReasons(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ reason: string }>(
    'select reason from ended_sessions order by ended_at',
  )
  return rows.map(({ reason }) => reason)
}

t.test('an account made by the operator signs in, is found by name and address, and goes', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const settings = { DATABASE_URL: databaseUrl(connection), ...quickHashing }
  const accounts = (words: string[], input = '') => runCommand(['accounts', ...words], settings, input)
  const service = await runService(t, settings)
  const signIn = async (username: string, typed: string) => {
    const browser = new TestBrowser(service.origin)
    const { status } = await browser.post('/login', { username, password: typed })
    return { browser, status }
  }

  const added = await accounts(
    ['add', 'Ada', '--email', 'Ada@Example.com', '--groups', 'staff,admins,staff', '--password-stdin'],
    `${password}\n`,
  )
  t.strictSame(added, { code: 0, out: 'The account Ada is made. Its groups are admins, staff.\n', err: '' })
  const first = await signIn('ada', password)
  const second = await signIn('ada@example.com', password)
  t.strictSame([first.status, second.status], [303, 303])
  t.match(
    (await first.browser.get('/api/session')).body,
    '"email":"Ada@Example.com"',
    "the operator's word is enough",
  )

  t.match((await accounts(['list'])).out, /^USERNAME.*\nAda +Ada@Example\.com +yes +admins, staff +2 +\d{4}-/)
  t.match(JSON.parse((await accounts(['list', '--json'])).out), [
    {
      username: 'Ada',
      email: 'Ada@Example.com',
      hasPassword: true,
      groups: ['admins', 'staff'],
      sessions: 2,
    },
  ])
  await database.query('update accounts set has_password = false')
  t.match((await accounts(['list'])).out, /Ada@Example\.com +none +admins/)

  t.match(await accounts(['set-groups', 'ADA@example.COM', 'guests']), {
    code: 0,
    out: 'Ada: Its group is guests.',
  })
  t.match(await accounts(['set-groups', 'ada', '--none']), { code: 0, out: 'Ada: It is in no group.' })
  t.match(await accounts(['set-groups', 'ada', 'x', '--none']), { code: 2 })
  t.match(JSON.parse((await accounts(['list', '--json'])).out), [{ groups: [] }])

  t.match(await accounts(['end-sessions', 'ADA']), { code: 0, out: 'Ada: Its 2 sessions are ended.' })
  t.equal((await first.browser.get('/api/session')).status, 401)
  t.match(await accounts(['end-sessions', 'ada']), { code: 0, out: 'Ada: It was signed in nowhere.' })
  t.strictSame(await eventsByOperator(database), ['sessionsEndedByOperator'], 'only when there were any')
  t.strictSame(await endReasons(database), ['endedByOperator', 'endedByOperator'])

  const third = await signIn('ada', password)
  const other = 'battery staple horse'
  t.match(await accounts(['set-password', 'ada', '--password-stdin'], other), {
    code: 0,
    out: 'Ada has a new password. Its one session is ended.',
  })
  t.equal((await third.browser.get('/api/session')).status, 401, 'a new password ends all sessions')
  t.match(JSON.parse((await accounts(['list', '--json'])).out), [{ hasPassword: true }])
  t.equal((await signIn('ada', password)).status, 401)
  t.equal((await signIn('ada', other)).status, 303)

  t.strictSame(await eventsByOperator(database), ['sessionsEndedByOperator', 'passwordSetByOperator'])
  t.strictSame((await endReasons(database)).at(-1), 'passwordSetByOperator')

  t.match(await accounts(['remove', 'ada']), { code: 1, err: 'Add --yes' })
  t.equal((await signIn('ada', other)).status, 303, 'nothing was removed without being asked')
  t.match(await accounts(['remove', 'ada', '--yes']), { code: 0, out: 'The account Ada is gone.' })
  t.equal((await signIn('ada', other)).status, 401)
  t.strictSame((await endReasons(database)).slice(3), ['accountDeleted', 'accountDeleted'])
  const again = ['add', 'ADA', '--password-stdin']
  t.match(await accounts(again, password), { code: 1, err: 'was that of an account that is gone' })
  t.match(await accounts([...again, '--reuse'], password), { code: 0, out: 'The account ADA is made.' })
  t.match(await accounts([...again, '--reuse'], password), {
    code: 1,
    err: /is taken, or looks like one that is\.\n$/,
  })
  t.match(await accounts(['remove', 'ada', '--yes']), { code: 0 })
  for (const word of ['set-password', 'end-sessions', 'remove']) {
    t.match(await accounts([word, 'ada']), { code: 1, err: 'There is no account "ada".' })
  }
})

t.test('refuses what registration refuses, in the same words, and changes nothing', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const settings = { DATABASE_URL: databaseUrl(connection), ...quickHashing }
  const add = (words: string[], input: string | Buffer = password) =>
    runCommand(['accounts', 'add', ...words, '--password-stdin'], settings, input)
  t.equal((await add(['Ada', '--email', 'ada@example.com'])).code, 0)

  const cases: [words: string[], input: string | Buffer, answer: string][] = [
    [['aDA'], password, 'The username aDA is taken'],
    [['ａｄａ'], password, 'is taken'],
    [['bob', '--email', 'ADA@example.com'], password, 'Another account has the e-mail address'],
    [['bob', '--email', 'nonsense'], password, 'This is not an e-mail address.'],
    [['b'], password, 'A username has at least 2 characters.'],
    [['bob smith'], password, 'A username has no spaces.'],
    [['bob@example.com'], password, 'Give the e-mail address with --email.'],
    [['bob'], 'short', 'A password has at least 8 characters.'],
    [['bob'], 'x'.repeat(257), 'A password has at most 256 characters.'],
    [['bob'], 'password1', 'among the first that anybody would try'],
    [['bobobobo'], 'bobobobo', 'hardly more than the username'],
    [['bob', '--email', 'robert.smith@example.com'], 'robert.smith', 'hardly more than the e-mail address'],
    [['bob'], Buffer.from([0xff, ...Buffer.from(password)]), 'a character that cannot be read'],
    [['bob'], `${password}\0`, 'a character that cannot be read'],
    [['bob'], '', 'There is no password on standard input.'],
    [['bob'], '\n', 'There is no password on standard input.'],
    [['bob'], `${password}\nmore\n`, 'more than one line'],
    [['bob'], 'x'.repeat(100_000), 'too long'],
  ]
  for (const [words, input, answer] of cases) {
    const { code, out, err } = await add(words, input)
    t.equal(code, 1, `${words.join(' ')}: ${err.trim()}`)
    t.match(err, answer)
    t.equal(out, '')
    t.notMatch(err, password)
  }
  t.match(await runCommand(['accounts', 'add', 'bob'], settings, password), {
    code: 1,
    err: '--password-stdin',
  })
  t.equal((await database.query('select 1 from accounts')).rowCount, 1)
})

t.test('spaces in a password count, its line break does not', async (t) => {
  const { connection } = await createTestDatabase(t)
  const settings = { DATABASE_URL: databaseUrl(connection), ...quickHashing }
  const service = await runService(t, settings)
  await runCommand(['accounts', 'add', 'Ada', '--password-stdin'], settings, `  ${password} \r\n`)
  const page = await new TestBrowser(service.origin).post('/login', {
    username: 'ada',
    password: `  ${password} `,
  })
  t.equal(page.status, 303)
})

t.test('an account that was locked can be unlocked', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const settings = {
    DATABASE_URL: databaseUrl(connection),
    ...quickHashing,
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2',
    FAILED_ATTEMPTS_BEFORE_LOCK: '3',
    FAILED_ATTEMPTS_COOLDOWN_SECONDS: '900',
    CAPTCHA: 'off',
  }
  const unlock = () => runCommand(['accounts', 'unlock', 'ada'], settings)
  const service = await runService(t, settings)
  await runCommand(['accounts', 'add', 'Ada', '--password-stdin'], settings, `${password}\n`)
  const signIn = async (typed: string) =>
    (await new TestBrowser(service.origin).post('/login', { username: 'Ada', password: typed })).status

  t.match(await unlock(), {
    code: 0,
    out: 'Ada was not held up. Its failed sign-ins are forgotten; those of a network are counted apart, and stay.\n',
  })
  t.strictSame([await signIn('wrong password'), await signIn('wrong password')], [401, 429])
  t.equal(await signIn(password), 429)
  t.match(await unlock(), {
    code: 0,
    out: 'Ada can sign in again. Its failed sign-ins are forgotten; those of a network are counted apart, and stay.\n',
  })
  t.equal(await signIn(password), 303)
  t.strictSame(await eventsByOperator(database), ['unlockedByOperator'], 'only when it was held up')

  t.strictSame([await signIn('wrong password'), await signIn('wrong password')], [401, 429])
  await runCommand(
    ['accounts', 'set-password', 'ada', '--password-stdin'],
    settings,
    'another battery horse\n',
  )
  t.equal(await signIn('another battery horse'), 303, 'a new password starts without failures')
})

t.test('an account whose mailbox is lost is asked for no code there any more', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const settings = { DATABASE_URL: databaseUrl(connection), ...quickHashing }
  const accounts = (words: string[], input = '') => runCommand(['accounts', ...words], settings, input)
  await accounts(['add', 'Ada', '--email', 'ada@example.com', '--password-stdin'], `${password}\n`)
  await database.query('insert into second_factors select id, now() from accounts')
  const service = await runService(t, { ...settings, EMAIL_OTP: 'optional' })
  const signIn = () => new TestBrowser(service.origin).post('/login', { username: 'Ada', password })
  t.equal((await signIn()).location, '/login/code')
  const removed = await accounts(['remove-email', 'ada'])
  t.strictSame(removed, {
    code: 0,
    out: 'Ada has no e-mail address any more, and is asked for no code there.\n',
    err: '',
  })
  t.equal((await signIn()).location, '/dashboard')
  t.strictSame(await eventsByOperator(database), ['emailRemovedByOperator'])
  t.match(await accounts(['remove-email', 'ada']), { code: 1, err: /Ada has no e-mail address\./ })
})

t.test(
  'an account whose owner has lost phone and recovery codes is asked for the password alone',
  async (t) => {
    const { connection, database } = await createTestDatabase(t)
    const settings = { DATABASE_URL: databaseUrl(connection), ...quickHashing }
    const accounts = (words: string[], input = '') => runCommand(['accounts', ...words], settings, input)
    await accounts(['add', 'Ada', '--email', 'ada@example.com', '--password-stdin'], `${password}\n`)
    await accounts(['add', 'Bert', '--password-stdin'], `${password}\n`)
    const ada = "from accounts where username = 'Ada'"
    await database.query(`insert into second_factors select id, now() ${ada}`)
    await database.query(
      `insert into authenticator_apps select id, decode(repeat('00', 20), 'hex'), false, now(), 0 ${ada}`,
    )
    await database.query(`insert into webauthn_steps select id, now() ${ada}`)
    await database.query(`insert into recovery_codes select id, decode(repeat('00', 32), 'hex') ${ada}`)
    const service = await runService(t, { ...settings, EMAIL_OTP: 'optional' })
    const signIn = () => new TestBrowser(service.origin).post('/login', { username: 'Ada', password })
    t.equal((await signIn()).location, '/login/passkey-step')
    t.match(
      (await accounts(['list'])).out,
      /SINCE +SECOND FACTOR\nAda .* \d{4}-\d\d-\d\d +passkey, app, mail\nBert .*-\d\d\n$/,
    )
    t.match(JSON.parse((await accounts(['list', '--json'])).out), [
      { username: 'Ada', secondFactors: ['passkey', 'app', 'mail'] },
      { username: 'Bert', secondFactors: [] },
    ])
    t.match(await accounts(['remove-second-factor', 'ada']), {
      code: 0,
      out: /^Ada is asked for the password alone/,
    })
    t.equal((await signIn()).location, '/dashboard')
    t.equal((await database.query('select from recovery_codes')).rowCount, 0)
    t.strictSame(await eventsByOperator(database), ['secondFactorRemovedByOperator'])
    t.match(await accounts(['remove-second-factor', 'ada']), { code: 1, err: /Ada has no second factor\./ })
  },
)
