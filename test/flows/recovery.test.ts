import t from 'tap'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { databaseUrl, quickHashing, runCommand } from '../operator/run-command.js'
import {
  answer,
  answers,
  begin,
  email,
  newPassword,
  password,
  prove,
  reset,
  setQuestions,
  signIn,
  startWithAda,
} from './recovery-scene.js'
import { readPasskey, savePasskey } from './save-passkey.js'
import type { Page, TestBrowser } from './test-browser.js'

const app = 'https://app.example.com/inbox?folder=a%20b'
const query = `?redirectUrl=${encodeURIComponent(app)}`

t.test('the passkey leads to a new password, and to a new passkey at the next sign-in', async (t) => {
  const { service, owner, passkey } = await startWithAda(t)
  const stranger = service.browser()
  t.match((await stranger.get(`/login${query}`)).body, `href="/recover${query}">Forgot your password?`)
  t.match((await stranger.get(`/recover${query}`)).body, 'Username or e-mail address')

  const begun = await begin(stranger, 'Ada', query)
  t.equal(begun.status, 303)
  t.equal(begun.location, `/recover/method${query}`)
  const ways = await stranger.get(begun.location ?? '')
  t.match(ways.body, `href="/recover/passkey${query}"`)
  t.notMatch(ways.body, '/recover/questions', 'she has set none up')
  t.notMatch(ways.body, '/recover/email/send', 'there is no mail server')
  t.match((await stranger.get(`/recover/passkey${query}`)).body, 'Enter your recovery passkey')

  const proved = await stranger.post(`/recover/passkey${query}`, {
    username: 'Ada',
    proof: passkey.toLowerCase(),
  })
  t.equal(proved.status, 303)
  t.equal(proved.location, `/recover/reset${query}`)
  const resetPage = await stranger.get(proved.location ?? '')
  t.match(resetPage.body, 'Choose a new password')
  t.match(
    resetPage.body,
    'your old recovery passkey, security questions, passkeys and links to other services no',
  )
  t.match(resetPage.body, '<strong>Ada</strong>')
  t.equal((await stranger.get('/dashboard')).status, 303, 'nobody is signed in by it')

  const done = await reset(stranger, newPassword, query)
  t.equal(done.status, 303)
  t.equal(done.location, `/login?redirectUrl=${encodeURIComponent(app)}`)
  t.notOk(stranger.cookies.has('latchkey_recovery'))
  const login = await stranger.get(done.location ?? '')
  t.match(login.body, 'redirectUrl=https%3A%2F%2Fapp.example.com')
  t.match(login.body, 'value="Ada"')

  t.equal((await owner.get('/api/session')).status, 401, 'signed out everywhere')
  t.equal((await signIn(stranger, password)).status, 401, 'the old password is dead')
  t.equal((await signIn(stranger, newPassword)).status, 303)
  const own = await stranger.get('/dashboard')
  t.match(own.location, /^\/recovery-passkey/, 'a new passkey is due')
  const { passkey: next } = readPasskey(await stranger.get(own.location ?? ''))
  t.match(next, /^\w{4}(-\w{4}){5}$/)
  t.not(next, passkey)

  const again = service.browser()
  await begin(again)
  t.equal((await prove(again, 'passkey', passkey)).status, 401, 'the old passkey is dead')
  t.equal((await prove(again, 'passkey', next)).status, 303)
  const secrets = new RegExp([passkey, next, password, newPassword].join('|'))
  t.notMatch(JSON.stringify(service.logged()), secrets, 'and none of it stands in the log')
})

t.test(
  'after a reset the login form holds what was typed as the name, and nothing else is told',
  async (t) => {
    for (const [typed, accountName] of [
      ['ADA', 'Ada'],
      [email, 'Ada'],
    ] as const) {
      const { service, passkey } = await startWithAda(t)
      const browser = service.browser()
      await begin(browser, typed)
      await browser.post('/recover/passkey', { username: typed, proof: passkey })
      const done = await reset(browser, newPassword, query)
      t.notMatch(done.location, new RegExp(`${typed}|${encodeURIComponent(typed)}`), 'not in the address')
      const login = await browser.get(done.location ?? '')
      t.match(login.body, `name="username" type="text" value="${typed}"`)
      t.notMatch(login.body, accountName)
      t.notMatch((await browser.get('/login')).body, typed, 'only there')
      t.notMatch((await service.browser().get(done.location ?? '')).body, typed, 'only in this browser')
    }
  },
)

t.test('a browser that was signed in is told why it no longer is', async (t) => {
  const { service, owner, passkey } = await startWithAda(t)
  const stranger = service.browser()
  await begin(stranger)
  await prove(stranger, 'passkey', passkey)
  await reset(stranger)
  const login = await owner.get('/login')
  t.match(login.body, /password.{1,40}reset/i)
})

t.test('a permanent lock is lifted; the locked page shows the way', async (t) => {
  const { service, passkey } = await startWithAda(t, {
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2',
    FAILED_ATTEMPTS_BEFORE_LOCK: '3',
  })
  const stranger = service.browser()
  const guess = () => signIn(service.browser(), 'a wrong guess')
  await guess()
  const coolingDown = await guess()
  t.match(coolingDown.body, 'href="/recover">Set a new password</a>')
  service.passSeconds(901)
  const locked = await guess()
  t.equal(locked.status, 403)
  t.match(locked.body, 'href="/recover">Use your recovery passkey to unlock it</a>')

  await begin(stranger)
  t.equal((await prove(stranger, 'passkey', passkey)).status, 303)
  t.equal((await signIn(stranger, password)).status, 403, 'the proof alone lifts nothing')
  await reset(stranger)
  t.equal((await signIn(service.browser(), newPassword)).status, 303)
})

t.test('three questions are asked one at a time and checked together', async (t) => {
  const { service, owner } = await startWithAda(t)
  t.equal((await setQuestions(owner)).location, '/profile?notice=securityQuestionsSet')
  const { rows } = await service.database.query<{ answers_hash: string }>('select * from security_questions')
  t.match(rows[0]?.answers_hash, /^\$argon2id\$/)
  t.notMatch(JSON.stringify(rows), /metropolis/i)

  const stranger = service.browser()
  await begin(stranger, 'ada@example.com', query)
  t.match((await stranger.get(`/recover/method${query}`)).body, `href="/recover/questions${query}"`)
  const first = await stranger.get(`/recover/questions${query}`)
  t.match(first.body, 'Which film was the first you saw in a cinema?')
  t.notMatch(first.body, 'Which dish did you first learn to cook?')
  t.equal(
    (await stranger.get('/recover/questions/3')).location,
    '/recover/questions/1',
    'not before the others',
  )

  const second = await stranger.post(`/recover/questions/1${query}`, { proof: 'wrong' })
  t.equal(second.location, `/recover/questions/2${query}`)
  await stranger.post('/recover/questions/2', { proof: 'wrong' })
  const wrong = await stranger.post('/recover/questions/3', { proof: 'wrong' })
  t.equal(wrong.status, 401)
  t.match(wrong.body, 'At least one of these answers is not right')
  t.match(wrong.body, 'Attempt 1 of 5.')
  t.match(wrong.body, 'Which film')
  t.match(wrong.body, 'Answer all three once more.')

  await stranger.post('/recover/questions/1', { proof: 'right' })
  const long = await stranger.post('/recover/questions/2', { proof: 'x'.repeat(101) })
  t.match(long, { status: 400, body: /longer than any/ })
  t.match(await stranger.post('/recover/questions/2', { proof: '?!' }), {
    status: 400,
    body: /has letters or/,
  })
  const right = await answer(stranger, ['  METROPOLIS!', 'spatzle', 'herr otzi'])
  t.equal(right.location, '/recover/reset')
  t.equal((await reset(stranger)).status, 303)
  t.equal((await signIn(stranger, newPassword)).status, 303)
})

t.test('answers that were given are read by nobody, and need not be given twice', async (t) => {
  const { service, owner } = await startWithAda(t)
  await setQuestions(owner)
  const stranger = service.browser()
  await begin(stranger)
  const stored = async () => {
    const { rows } = await service.database.query<{ sealed_answers: Buffer | null }>(
      'select * from recoveries',
    )
    return rows[0]?.sealed_answers ?? null
  }
  const isSecret = async () => {
    const cookies = [...stranger.cookies.values()].join('.').split('.')
    for (const part of [...cookies, ...cookies.map((each) => Buffer.from(each, 'base64url').toString())])
      t.notMatch(part, /metropolis|spätzle/i)
    t.notMatch((await stored())?.toString('latin1') ?? '', /metropolis/i)
    for (const number of [1, 2, 3]) {
      const { body } = await stranger.get(`/recover/questions/${number}`)
      t.notMatch(body, /metropolis|spätzle/i)
    }
  }
  await stranger.post('/recover/questions/1', { proof: answers[0] })
  await stranger.post('/recover/questions/2', { proof: 'Soup' })
  await isSecret()
  t.match((await stranger.get('/recover/questions/1')).body, 'Leave it empty to keep that answer.')
  t.notMatch((await stranger.get('/recover/questions/3')).body, 'Leave it empty')
  const empty = await stranger.post('/recover/questions/3', { proof: '' })
  t.match(empty, { status: 400, body: /Enter your answer/ })
  t.equal((await stranger.post('/recover/questions/1', { proof: ' ' })).location, '/recover/questions/2')
  await stranger.post('/recover/questions/2', { proof: answers[1] })
  await isSecret()

  const wrong = await stranger.post('/recover/questions/3', { proof: 'wrong' })
  t.equal(wrong.status, 401)
  t.notMatch(wrong.body, /metropolis|Leave it empty/i)
  t.equal(await stored(), null)
  t.equal((await stranger.get('/recover/questions/2')).location, '/recover/questions/1')
  await answer(stranger)
  t.equal(await stored(), null, 'nor is there anything left after the proof')
})

t.test('a reset also forgets questions and browsers of whoever knew the old password', async (t) => {
  const { service, passkey } = await startWithAda(t)
  const intruder = service.browser()
  await signIn(intruder, password)
  await setQuestions(intruder)
  const stranger = service.browser()
  await begin(stranger)
  await prove(stranger, 'passkey', passkey)
  t.equal((await reset(stranger)).status, 303)

  await begin(intruder)
  t.notMatch((await intruder.get('/recover/method')).body, '/recover/questions')
  for (let failures = 0; failures < 5; failures++) await signIn(service.browser(), 'wrong')
  t.equal((await signIn(intruder, 'wrong')).status, 429, 'its browser has no count of its own any more')
})

t.test('an address that an intruder has confirmed opens nothing after a reset by another way', async (t) => {
  const mailbox = await openMailbox(t)
  const { service, passkey } = await startWithAda(t, { SMTP_URL: mailbox.url })
  const methodsOf = async (browser: TestBrowser) => {
    await begin(browser)
    return (await browser.get('/recover/method')).body
  }
  const intruder = service.browser()
  t.match(await methodsOf(intruder), '/recover/email')
  await intruder.post('/recover/email/send')
  const early = codeIn(await mailbox.letterTo(email))
  const stranger = service.browser()
  await begin(stranger)
  await prove(stranger, 'passkey', passkey)
  t.equal((await reset(stranger)).status, 303)
  await mailbox.letterTo(email)

  t.equal((await prove(intruder, 'email', early)).status, 410, 'a code from before')
  t.notMatch(await methodsOf(intruder), '/recover/email')
  await intruder.post('/recover/email/send')
  await signIn(stranger, newPassword)
  await savePasskey(stranger)
  await mailbox.letterTo(email)
  t.match((await stranger.get('/profile')).body, 'to be confirmed again')
  t.match((await stranger.get('/profile/email')).body, 'Until you confirm it again')
  t.equal(JSON.parse((await stranger.get('/api/session')).body).email, email, 'apps go on as before')

  await stranger.post('/profile/email', { email, currentPassword: newPassword })
  const code = codeIn(await mailbox.letterTo(email))
  t.equal(mailbox.letters.length, 4, 'the intruder was sent none')
  t.equal((await stranger.post('/profile/email/confirm', { code })).status, 303)
  t.notMatch((await stranger.get('/profile')).body, 'to be confirmed again')
  t.match(await methodsOf(intruder), '/recover/email')
})

t.test(
  'what was proved by a passkey, questions or an address that are replaced counts no more',
  async (t) => {
    const { service, owner, passkey } = await startWithAda(t)
    const changes: (() => Promise<unknown>)[] = [
      () => owner.post('/profile/recovery-passkey', { currentPassword: password }),
      () => setQuestions(owner),
      () => owner.post('/profile/questions/remove', { currentPassword: password }),
      () => owner.post('/profile/email/remove', { currentPassword: password }),
    ]
    const thieves = changes.map(() => service.browser())
    let current = passkey
    for (const [index, change] of changes.entries()) {
      const thief = thieves[index] ?? service.browser()
      await begin(thief)
      t.equal((await prove(thief, 'passkey', current)).status, 303)
      await change()
      t.equal((await reset(thief)).status, 410, `change ${index}`)
      if (index === 0) current = await savePasskey(owner)
    }
    t.equal((await signIn(service.browser(), password)).status, 303)
  },
)

/** The page that asks for the code of another address. */
async function askToConfirm(browser: TestBrowser): Promise<Page> {
  const asked = await browser.post('/profile/email', {
    email: 'new@example.com',
    currentPassword: password,
  })
  return browser.get(asked.location ?? '')
}

t.test('a code comes by mail, counts once, and only for who asked for it', async (t) => {
  const mailbox = await openMailbox(t)
  const { service, owner } = await startWithAda(t, { SMTP_URL: mailbox.url })
  const stranger = service.browser()
  await begin(stranger, 'Ada', query)
  t.match((await stranger.get(`/recover/method${query}`)).body, `action="/recover/email/send${query}"`)
  await stranger.get('/recover/email')
  const sent = await stranger.post(`/recover/email/send${query}`, { username: 'Ada' })
  t.equal(sent.location, `/recover/email${query}`)
  const code = codeIn(await mailbox.letterTo(email))
  t.equal(mailbox.letters.length, 1, 'none was sent before it was asked for')
  const page = await stranger.get(sent.location ?? '')
  t.match(page.body, 'autocomplete="one-time-code"')
  t.match(page.body, 'on its way to the address that you have confirmed here')
  const { body: confirmation } = await askToConfirm(owner)
  for (const words of [
    'Code from the mail</label>',
    'Eight digits.',
    'It may take a minute, or be among the spam.',
    'Nothing has come?',
    'Only the newest counts. At most 5 are sent in an hour.',
  ])
    for (const body of [page.body, confirmation]) t.match(body, words)

  const thief = service.browser()
  await begin(thief)
  t.equal((await prove(thief, 'email', code)).status, 401, 'bound to the browser that asked')
  t.equal((await prove(stranger, 'email', '12')).status, 400)
  t.equal((await prove(stranger, 'email', code)).location, '/recover/reset')
  t.equal((await reset(stranger)).status, 303)

  await begin(thief)
  t.match((await thief.get('/recover/method')).body, '/recover/email', 'still a way back')
  const letter = await mailbox.letterTo(email)
  t.match(letter.headers.get('subject'), 'Your password for Latchkey was reset')
  t.match(letter.text, 'Hello Ada')
  t.match(letter.text.replaceAll('\n', ' '), 'passkeys and links to other services no longer count')
  t.equal((await signIn(stranger, newPassword)).status, 303)
})

t.test('who asks for another code is told that it is on its way', async (t) => {
  const mailbox = await openMailbox(t)
  const { service } = await startWithAda(t, { SMTP_URL: mailbox.url })
  const stranger = service.browser()
  await begin(stranger, 'Ada', query)
  const first = await stranger.post(`/recover/email/send${query}`)
  const page = await stranger.get(first.location ?? '')
  t.match(page.body, 'A mail with a code is on its way')
  const [, sendUrl = ''] = /action="(\/recover\/email\/send[^"]*)"/.exec(page.body) ?? []
  const again = await stranger.post(sendUrl.replaceAll('&amp;', '&'))
  t.match((await stranger.get(again.location ?? '')).body, 'Another mail with a code is on its way')
  t.match(again.location, query.slice(1), 'and goes on to the app')
})

t.test('an address that was never confirmed gets no code', async (t) => {
  const mailbox = await openMailbox(t)
  const { service } = await startWithAda(t, { SMTP_URL: mailbox.url })
  await service.database.query('update accounts set email_confirmed_at = null')
  const stranger = service.browser()
  await begin(stranger)
  t.notMatch((await stranger.get('/recover/method')).body, '/recover/email')
  t.equal((await stranger.post('/recover/email/send')).status, 303)
  await begin(stranger, 'Ada')
  await stranger.post('/recover/email/send')
  t.equal(mailbox.letters.length, 0)
})

t.test('a code that was mailed to an address given up since proves nothing', async (t) => {
  const mailbox = await openMailbox(t)
  const { service } = await startWithAda(t, { SMTP_URL: mailbox.url })
  const stranger = service.browser()
  await begin(stranger)
  await stranger.post('/recover/email/send')
  const code = codeIn(await mailbox.letterTo(email))
  await service.database.query(
    "update accounts set email = 'new@example.com', canonical_email = 'new@example.com'",
  )
  t.equal((await prove(stranger, 'email', code)).status, 401)
})

t.test("the operator's code opens an account that has no other way, once", async (t) => {
  const { service } = await startWithAda(t, { RECOVERY_METHODS: 'none' })
  const settings = { DATABASE_URL: databaseUrl(service.connection), ...quickHashing }
  const run = (words: string[], more = {}) => runCommand(['accounts', ...words], { ...settings, ...more })
  t.match(await run(['reset-code', 'nobody']), { code: 1, err: 'There is no account "nobody".' })
  const first = await run(['reset-code', 'ada'])
  const printed = await run(['reset-code', 'ADA@example.com'], { PUBLIC_URL: 'https://login.example.com' })
  t.match(printed.out, 'A reset code for Ada, good for once within 24 hours')
  t.match(printed.out, 'https://login.example.com/recover')
  const codeOf = (out: string) => /^ {2}(\S+)$/m.exec(out)?.[1] ?? ''

  const stranger = service.browser()
  t.match((await stranger.get(`/login${query}`)).body, `href="/recover${query}">Forgot your password?`)
  t.notMatch((await stranger.get('/recover')).body, 'choose a way')
  await begin(stranger)
  const ways = await stranger.get('/recover/method')
  t.match(ways.body, '<title>You need a reset code')
  t.match(ways.body, 'Ask whoever runs this service for one.')
  t.notMatch(ways.body, /passkey|e-mail|questions/)
  t.match(ways.body, 'href="/recover/code"')
  t.equal((await stranger.get('/recover/passkey')).status, 404)
  t.equal((await prove(stranger, 'code', codeOf(first.out))).status, 401, 'the second took its place')
  t.equal((await prove(stranger, 'code', codeOf(printed.out))).location, '/recover/reset')
  const other = service.browser()
  await begin(other)
  t.equal((await prove(other, 'code', codeOf(printed.out))).status, 401, 'used')
  t.equal((await reset(stranger)).status, 303)
  t.equal((await signIn(stranger, newPassword)).status, 303)
})

t.test("an operator's code, a reset token and a recovery end by themselves", async (t) => {
  const { service, passkey } = await startWithAda(t)
  const settings = { DATABASE_URL: databaseUrl(service.connection), ...quickHashing }
  const { out } = await runCommand(['accounts', 'reset-code', 'ada'], {
    ...settings,
    RESET_CODE_VALIDITY_SECONDS: '3600',
  })
  const code = /^ {2}(\S+)$/m.exec(out)?.[1] ?? ''
  const stranger = service.browser()
  await begin(stranger)
  await prove(stranger, 'passkey', passkey)
  service.passSeconds(601)
  const late = await reset(stranger)
  t.equal(late.status, 410)
  t.match(late.body, 'Please begin again')
  t.match(late.body, 'value="Ada"', 'the name is kept')

  await begin(stranger)
  service.passSeconds(1801)
  t.equal((await stranger.get('/recover/method')).status, 410)
  service.passSeconds(3600)
  await begin(stranger)
  t.equal((await prove(stranger, 'code', code)).status, 401)
})

t.test(
  'a recovery belongs to the browser that began it, and a page to the one it was made for',
  async (t) => {
    const { service, passkey } = await startWithAda(t)
    const other = service.browser()
    const foreign = await prove(other, 'passkey', passkey)
    t.equal(foreign.status, 410)
    t.match(foreign.body, 'In this browser nothing is under way')
    t.match(foreign.body, 'value="Ada"', 'the name is kept')

    await other.post('/register', { username: 'Eve', password, confirmPassword: password })
    await begin(other)
    await begin(other, 'Eve')
    const stale = await prove(other, 'passkey', passkey)
    t.equal(stale.status, 410, 'a tab of the recovery before, of another account')
    t.match(stale.body, 'value="Ada"')

    const owner = service.browser()
    await begin(owner)
    const before = owner.cookies.get('latchkey_recovery') ?? ''
    await prove(owner, 'passkey', passkey)
    const thief = service.browser()
    thief.cookies.set('latchkey_recovery', before)
    t.equal(
      (await thief.get('/recover/reset')).status,
      410,
      'the token from before the proof is worth nothing',
    )
  },
)

t.test('whoever opens a step without having begun is asked for the name, and led on', async (t) => {
  const { service, passkey } = await startWithAda(t, { SMTP_URL: 'smtp://localhost:1' })
  const browser = service.browser()
  const steps = ['code', 'passkey', 'email', 'questions', 'questions/1', 'questions/3', 'reset']
  for (const step of steps) {
    const page = await browser.get(`/recover/${step}${query}`)
    t.equal(page.status, 303, step)
    t.equal(page.location, `/recover${query}`, step)
    t.equal((await browser.get(`/recover/${step}`)).location, '/recover', step)
    const refused = await browser.get(`/recover/${step}?redirectUrl=https://evil.example`)
    t.equal(refused.status, 400, step)
  }
  t.match((await browser.get(`/recover${query}`)).body, `action="/recover${query}"`)
  t.equal((await begin(browser, 'Ada', query)).location, `/recover/method${query}`)
  t.equal((await prove(browser, 'passkey', passkey)).status, 303)

  const forgetful = service.browser()
  const method = await forgetful.get(`/recover/method${query}`)
  t.equal(method.status, 410, 'a browser that keeps no cookies is told so, not asked for the name again')
  t.match(method.body, 'keeps no cookies')
  t.match(method.body, `action="/recover${query}"`, 'the destination is kept')

  await begin(forgetful)
  service.passSeconds(1801)
  const over = await forgetful.get(`/recover/passkey${query}`)
  t.equal(over.status, 410, 'one that was begun here and is over is told as such')
  t.match(over.body, 'this has taken too long')
  t.match(over.body, `action="/recover${query}"`)
})

t.test('each step can be opened again; whoever is elsewhere is led there', async (t) => {
  const { service, passkey } = await startWithAda(t)
  const browser = service.browser()
  await begin(browser)
  t.equal((await browser.get(`/recover/reset${query}`)).location, `/recover/method${query}`)
  for (const path of ['/recover/method', '/recover/passkey', '/recover/passkey', '/recover/method'])
    t.equal((await browser.get(path)).status, 200)
  await prove(browser, 'passkey', passkey)
  for (const path of ['/recover/method', '/recover/passkey'])
    t.equal((await browser.get(`${path}${query}`)).location, `/recover/reset${query}`)
  t.equal((await prove(browser, 'passkey', passkey)).location, '/recover/reset', 'sent twice')
  t.equal((await browser.get('/recover/reset')).status, 200)
  t.equal((await browser.get('/recover')).status, 200, 'and it can be begun anew')
})

t.test('what cannot be used is refused in words, and nothing is lost by it', async (t) => {
  const { service, passkey } = await startWithAda(t)
  const browser = service.browser()
  const begins: [form: [string, string][], words: string][] = [
    [[], 'Enter your username or e-mail address.'],
    [[['username', ' ']], 'Enter your username or e-mail address.'],
    [
      [
        ['username', 'a'],
        ['username', 'b'],
      ],
      'More than one username',
    ],
    [[['username', 'a\0']], 'cannot be read'],
    [[['username', 'x'.repeat(255)]], 'longer than any'],
  ]
  for (const [form, words] of begins) {
    const page = await browser.post('/recover', form)
    t.equal(page.status, 400)
    t.match(page.body, words)
  }
  const unknown = await begin(browser, 'Nobody', query)
  t.equal(unknown.status, 404)
  t.match(unknown.body, 'No account has this username')
  t.equal((await browser.get('/recover?redirectUrl=https://evil.example')).status, 400)
  t.equal((await browser.post('/recover?redirectUrl=https://evil.example', { username: 'Ada' })).status, 400)

  await begin(browser)
  t.match(await browser.post('/recover/passkey'), { status: 400, body: /Enter your recovery passkey\./ })
  t.match(await prove(browser, 'passkey', 'ABCD-EFGH'), { status: 400, body: /24 letters and digits/ })
  const guess = await prove(browser, 'passkey', '0000-0000-0000-0000-0000-0000')
  t.match(guess, { status: 401, body: /Attempt 1 of 5\./ }, 'what could be no passkey was no attempt')
  t.equal((await browser.get('/recover/passkey?redirectUrl=https://evil.example')).status, 400)
  await prove(browser, 'passkey', passkey)
  const passwords: [first: string, second: string, words: string][] = [
    ['', '', 'Choose a password.'],
    ['short', 'short', 'at least 8 characters'],
    ['password1', 'password1', 'among the first'],
    ['ada@example.com', 'ada@example.com', 'hardly more than the'],
    [newPassword, 'other', 'differs from the password above'],
  ]
  for (const [typed, confirmPassword, words] of passwords) {
    const page = await browser.post('/recover/reset', { password: typed, confirmPassword })
    t.equal(page.status, 400)
    t.match(page.body, words)
  }
  t.equal((await reset(browser)).status, 303)
})

t.test('a reset that is overtaken by another change of the password comes to nothing', async (t) => {
  const { service, passkey } = await startWithAda(t)
  const stranger = service.browser()
  await begin(stranger)
  await prove(stranger, 'passkey', passkey)
  await service.database.query('update accounts set password_version = password_version + 1')
  t.equal((await reset(stranger)).status, 410)
  t.equal((await signIn(stranger, newPassword)).status, 401)
})

t.test('what happened stands among the security events', async (t) => {
  const { service, owner, passkey } = await startWithAda(t)
  await setQuestions(owner)
  const settings = { DATABASE_URL: databaseUrl(service.connection), ...quickHashing }
  await runCommand(['accounts', 'reset-code', 'ada'], settings)
  const stranger = service.browser()
  await begin(stranger)
  await prove(stranger, 'passkey', '0000-0000-0000-0000-0000-0000')
  await prove(stranger, 'passkey', passkey)
  await reset(stranger)
  await signIn(stranger, newPassword)
  await savePasskey(stranger)
  const kinds = async () => {
    const { rows } = await service.database.query<{ kind: string }>('select kind from security_events')
    return rows.map(({ kind }) => kind)
  }
  for (const kind of ['securityQuestionsSet', 'resetCodeIssued', 'passwordReset'])
    t.ok((await kinds()).includes(kind), kind)
})
