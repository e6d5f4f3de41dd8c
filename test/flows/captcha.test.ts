import t, { type Test } from 'tap'
import type { Challenge } from 'altcha-lib'
import { AccountStore } from '../../src/accounts/account-store.js'
import { answerTo, challengeOf, solve } from '../captcha/solve.js'
import { savePasskey } from './save-passkey.js'
import { enterCode, enterPassword, otherThan, startWithCodeOn } from './sign-in-code-scene.js'
import { startTestService, type TestService } from './test-service.js'
import type { Page, TestBrowser } from './test-browser.js'

const password = 'correct horse battery'
const wrong = 'a wrong guess indeed'
const quick = { CAPTCHA: 'altcha', CAPTCHA_DIFFICULTY: '5', FAILED_ATTEMPTS_PER_ADDRESS: '1000000' }
const ada = { username: 'Ada', password, confirmPassword: password }
const needed = 'One more step, please'

async function start(t: Test, settings: Record<string, string> = {}) {
  const service = await startTestService(t, { ...quick, ...settings })
  const owner = service.browser()
  const { body } = await owner.get('/register')
  await owner.post('/register', { ...ada, ...(body.includes('captchaToken') ? answerTo(body) : {}) })
  return { service, owner }
}

const login = (browser: TestBrowser, typed = wrong, more: Record<string, string> = {}): Promise<Page> =>
  browser.post('/login', { username: 'Ada', password: typed, ...more })

/** The page of the third failure, which sets a puzzle. */
async function failThrice(service: TestService): Promise<Page> {
  await login(service.browser())
  await login(service.browser())
  return login(service.browser())
}

async function failuresOf({ database }: TestService): Promise<number[]> {
  const { rows } = await database.query<{ failures: number }>('select failures from failed_attempts')
  return rows.map(({ failures }) => failures)
}

const usedCaptchas = async ({ database }: TestService) =>
  (await database.query('select from used_once')).rowCount

t.test('the page of the third failure sets a puzzle, and whoever solves it may go on', async (t) => {
  const { service } = await start(t)
  for (let failures = 1; failures < 3; failures++)
    t.notMatch((await login(service.browser())).body, 'captcha', `none after ${failures}`)
  const third = await login(service.browser())
  t.equal(third.status, 401)
  t.match(third.body, 'Attempt 3 of 20.')
  const fourth = await login(service.browser(), wrong, { altcha: await solve(challengeOf(third.body)) })
  t.equal(fourth.status, 401, 'the password was looked at')
  t.match(fourth.body, 'Attempt 4 of 20.')
  t.equal(
    (await login(service.browser(), password, { altcha: await solve(challengeOf(fourth.body)) })).status,
    303,
  )
  service.passSeconds(901)
  t.notMatch((await login(service.browser())).body, 'captcha', 'a success begins anew')
})

t.test(
  'without a solution no password is looked at, nothing is counted, and nothing typed is lost',
  async (t) => {
    const { service } = await start(t)
    await failThrice(service)
    for (const typed of [wrong, password, wrong, wrong]) {
      const form = { username: 'Ada', password: typed }
      const page = await service.browser().post('/login?redirectUrl=%2Fprofile', form)
      t.equal(page.status, 403)
      t.match(page.body, needed)
      t.match(page.body, 'Your password was not looked at.')
      t.match(page.body, 'value="Ada"')
      t.match(page.body, 'action="/login?redirectUrl=%2Fprofile"')
      t.ok(challengeOf(page.body))
      t.ok(answerTo(page.body))
    }
    t.strictSame(await failuresOf(service), [3])
    const refusals = service
      .logged()
      .filter(({ msg }) => msg === 'sign-in was refused: no captcha was solved')
    t.equal(refusals.length, 4)
  },
)

t.test('of guesses made at once no more go through than of those one after the other', async (t) => {
  const { service } = await start(t)
  const pages = await Promise.all(Array.from({ length: 12 }, () => login(service.browser())))
  t.equal(pages.filter(({ status }) => status === 401).length, 3)
  t.equal(pages.filter(({ status }) => status === 403).length, 9)
  t.strictSame(await failuresOf(service), [3])
})

t.test('a name that nobody has is treated alike', async (t) => {
  const { service } = await start(t)
  const guess = () => service.browser().post('/login', { username: 'Nobody', password: wrong })
  for (let failures = 0; failures < 2; failures++) t.notMatch((await guess()).body, 'captcha')
  t.ok(challengeOf((await guess()).body))
  t.equal((await guess()).status, 403)
})

t.test('failures from one address count together, whatever the names', async (t) => {
  const { service, owner } = await start(t)
  const guess = (username: string) => service.browser().post('/login', { username, password: wrong })
  t.notMatch((await guess('one')).body, 'captcha')
  t.notMatch((await guess('two')).body, 'captcha')
  t.ok(challengeOf((await guess('three')).body))
  const stranger = await login(service.browser(), password)
  t.equal(stranger.status, 403)
  t.match(stranger.body, needed)
  t.equal((await login(owner, password)).status, 303, 'not on a browser that the account is known on')
  service.passSeconds(901)
  t.equal((await login(service.browser(), password)).status, 303, 'until their window is over')
})

t.test('a browser that the account is known on has a count of its own', async (t) => {
  const { service, owner } = await start(t)
  await failThrice(service)
  for (let failures = 1; failures <= 3; failures++) t.equal((await login(owner)).status, 401)
  t.equal((await login(owner, password)).status, 403)
})

t.test('a solution is good once, also of many at once and on two nodes', async (t) => {
  const { service } = await start(t)
  const other = await startTestService(t, quick, service)
  const altcha = await solve(challengeOf((await failThrice(service)).body))
  const pages = await Promise.all(
    [service, other, service, other].map((node) => login(node.browser(), wrong, { altcha })),
  )
  t.strictSame(pages.map(({ status }) => status).toSorted(), [401, 403, 403, 403])
  t.strictSame(await failuresOf(service), [4])
})

t.test('solutions that are none are refused', async (t) => {
  const { service } = await start(t, { CAPTCHA_ON_REGISTRATION: 'on' })
  const { service: stranger } = await start(t)
  // Databases of tests are copies of one.
  await stranger.database.query("update installation_secret set secret = sha256('another')")
  const { body } = await failThrice(service)
  const challenge = challengeOf(body)
  const { parameters, signature } = challenge
  const changed = (more: Partial<Challenge['parameters']>): Challenge => ({
    parameters: { ...parameters, ...more },
    ...(signature === undefined ? {} : { signature }),
  })
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
  const before = await usedCaptchas(service)
  const forms: [title: string, altcha: string][] = [
    ['of the other form', await solve(challengeOf((await service.browser().get('/register')).body))],
    ['of another service', await solve(challengeOf((await failThrice(stranger)).body))],
    ['made easier', await solve(changed({ cost: 1, keyPrefix: '0' }))],
    ['made to last', await solve(changed({ expiresAt: 9_999_999_999 }))],
    ['of another form by its own word', await solve(changed({ data: { form: 'register' } }))],
    ['without work', encode({ challenge, solution: { counter: 1, derivedKey: parameters.keyPrefix } })],
    ['unsigned', await solve({ parameters })],
    ['no JSON', 'x'.repeat(2000)],
    ['too long', encode({ challenge, solution: {}, more: 'x'.repeat(8000) })],
    ['of nothing', encode(null)],
    ['of other shape', encode({ challenge: { parameters: null, signature: '' }, solution: [] })],
    [
      'of hostile shape',
      encode({ challenge: { parameters: { nonce: 7 }, signature: 'é' }, solution: { counter: {} } }),
    ],
  ]
  for (const [title, altcha] of forms) {
    const page = await login(service.browser(), password, { altcha })
    t.equal(page.status, 403, title)
    t.match(page.body, 'was not passed, or was too old', title)
  }
  t.equal(await usedCaptchas(service), before, 'nor do they fill a table')
  service.passSeconds(601)
  t.equal(
    (await login(service.browser(), password, { altcha: await solve(challenge) })).status,
    403,
    'too old',
  )
})

t.test('without JavaScript a question is answered instead', async (t) => {
  const { service } = await start(t)
  const third = await failThrice(service)
  const right = answerTo(third.body)
  const refused = await login(service.browser(), password, { ...right, captchaAnswer: '' })
  t.equal(refused.status, 403)
  t.match(refused.body, 'We check first that you are not a robot.')
  const typed = { ...right, captchaAnswer: ` ${right.captchaAnswer.toUpperCase()} ` }
  t.equal((await login(service.browser(), password, typed)).status, 303)
  await failThrice(service)
  t.equal((await login(service.browser(), password, right)).status, 403, 'and only once')
})

t.test('after a wrong answer the summary leads to the question first', async (t) => {
  const { service } = await start(t, { CAPTCHA_ON_REGISTRATION: 'on' })
  const third = await failThrice(service)
  const linksOf = ({ body }: Page) => [...body.matchAll(/<li><a href="#(\w+)">/g)].map(([, name]) => name)
  t.strictSame(linksOf(third), ['password'], 'where none was answered there is none to correct')
  const answer = { ...answerTo(third.body), captchaAnswer: 'horse' }
  const again = await login(service.browser(), password, answer)
  t.strictSame(linksOf(again), ['captchaAnswer', 'password'])
  const [, asked = ''] = /<label for="captchaAnswer">([^<]*)</.exec(again.body) ?? []
  t.match(again.body, `<a href="#captchaAnswer">${asked}</a>`)

  const { body } = await service.browser().get('/register')
  const form = { ...ada, username: 'Bert', ...answerTo(body), captchaAnswer: 'horse' }
  t.strictSame(linksOf(await service.browser().post('/register', form)), ['captchaAnswer', 'password'])
})

t.test('an answer is tried once, in the form that asked, within ten minutes', async (t) => {
  const { service } = await start(t, { CAPTCHA_ON_REGISTRATION: 'on' })
  const third = await failThrice(service)
  const right = answerTo(third.body)
  const elsewhere = answerTo((await service.browser().get('/register')).body)
  const tampered = { ...right, captchaToken: `${right.captchaToken.slice(0, -4)}AAAA` }
  for (const fields of [
    elsewhere,
    tampered,
    { ...right, captchaToken: '' },
    { ...right, captchaAnswer: 'horse' },
    right,
  ])
    t.equal((await login(service.browser(), password, fields)).status, 403)
  const next = answerTo((await login(service.browser(), password)).body)
  service.passSeconds(601)
  t.equal((await login(service.browser(), password, next)).status, 403)
})

t.test('answers cannot be tried for long: a network that is often wrong has to wait', async (t) => {
  const { service } = await start(t, { FAILED_ATTEMPTS_PER_ADDRESS: '4' })
  let page = await failThrice(service)
  for (let tries = 0; tries < 4; tries++)
    page = await login(service.browser(), password, { ...answerTo(page.body), captchaAnswer: 'horse' })
  page = await login(service.browser(), password, answerTo(page.body))
  t.equal(page.status, 403)
  t.match(page.body, 'Too many checks from your network were not passed')
  const altcha = await solve(challengeOf(page.body))
  t.equal((await login(service.browser(), password, { altcha })).status, 303, 'work is not guessing')
})

t.test('CAPTCHA_AFTER_FAILURES=0 asks everybody from the beginning', async (t) => {
  const { service, owner } = await start(t, { CAPTCHA_AFTER_FAILURES: '0' })
  t.equal((await login(owner, password)).status, 403)
  const { body } = await service.browser().get('/login')
  t.equal((await login(service.browser(), password, { altcha: await solve(challengeOf(body)) })).status, 303)
})

t.test('CAPTCHA=off asks nobody', async (t) => {
  const { service } = await start(t, { CAPTCHA: 'off' })
  t.notMatch((await failThrice(service)).body, 'captcha')
  t.equal((await login(service.browser(), password)).status, 303)
})

t.test('CAPTCHA_ON_REGISTRATION=on asks everybody who registers, and keeps what was typed', async (t) => {
  const service = await startTestService(t, { ...quick, CAPTCHA_ON_REGISTRATION: 'on' })
  const register = (more: Record<string, string>) =>
    service.browser().post('/register', { ...ada, email: 'ada@example.com', ...more })
  const exists = async () =>
    (await new AccountStore(service.database).find({ canonicalUsername: 'ada' })) !== null
  const refused = await register({})
  t.equal(refused.status, 403)
  t.match(refused.body, 'No account was made yet.')
  t.match(refused.body, 'value="ada@example.com"')
  t.equal(await exists(), false)
  const invalid = await register({ password: 'short', confirmPassword: 'short' })
  t.equal(invalid.status, 400)
  for (const body of [(await service.browser().get('/register')).body, refused.body, invalid.body])
    t.ok(challengeOf(body))
  const altcha = await solve(challengeOf(refused.body))
  t.equal((await register({ altcha })).status, 303)
  t.equal(await exists(), true)
  const taken = await register(answerTo(invalid.body))
  t.equal(taken.status, 409)
  t.ok(challengeOf(taken.body), 'the next try wants another solution')
})

t.test('whoever is signed in is asked for the password alone', async (t) => {
  const { owner } = await start(t)
  await savePasskey(owner)
  owner.cookies.delete('latchkey_device')
  for (let failures = 1; failures <= 4; failures++) {
    const page = await owner.post('/profile/recovery-passkey', { currentPassword: wrong })
    t.equal(page.status, 401)
    t.match(page.body, `Attempt ${failures} of 20.`)
  }
})

t.test('whoever knows the password is asked for the code alone', async (t) => {
  const { service, mailbox } = await startWithCodeOn(t, quick)
  const browser = service.browser()
  const code = await enterPassword({ mailbox }, browser)
  for (let failures = 0; failures < 4; failures++)
    t.equal((await enterCode(browser, otherThan(code))).status, 401)
  t.equal((await enterCode(browser, code)).status, 303)
})

t.test('showing puzzles writes nothing', async (t) => {
  const { service } = await start(t, { CAPTCHA_AFTER_FAILURES: '0' })
  const { body } = await service.browser().get('/login')
  for (let visits = 0; visits < 5; visits++) await service.browser().get('/login')
  t.equal(await usedCaptchas(service), 0)
  await login(service.browser(), wrong, { altcha: await solve(challengeOf(body)) })
  t.equal(await usedCaptchas(service), 1)
})
