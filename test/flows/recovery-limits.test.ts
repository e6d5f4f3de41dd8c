import t from 'tap'
import { securityQuestions } from '../../src/security-questions/security-questions.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import {
  answer,
  begin,
  password,
  prove,
  reachLastQuestion,
  setQuestions,
  signIn,
  startWithAda,
} from './recovery-scene.js'
import type { Page, TestBrowser } from './test-browser.js'

const wrongAnswers = ['one', 'two', 'three']
const wrongPasskey = '0000-0000-0000-0000-0000-0000'
const hidden = { REVEAL_ACCOUNT_EXISTENCE: 'false' }

t.test(
  'the 5th wrong set of answers starts a cooldown, each time a longer one, and never locks',
  async (t) => {
    const { service, owner, passkey } = await startWithAda(t)
    await setQuestions(owner)
    for (const minutes of [15, 30, 60]) {
      const statuses: number[] = []
      let last: Page | undefined
      for (let failures = 1; failures <= 6; failures++) {
        const stranger = service.browser()
        await begin(stranger)
        last = await answer(stranger, wrongAnswers)
        statuses.push(last.status)
      }
      t.strictSame(statuses, [401, 401, 401, 401, 429, 429])
      t.match(last?.body, `You can try this again in ${minutes} minutes`)
      const retryAfter = Number(last?.headers.get('retry-after'))
      t.ok(retryAfter > minutes * 60 - 30 && retryAfter <= minutes * 60)

      const late = service.browser()
      await begin(late)
      t.equal((await answer(late)).status, 429, 'not even the right answers')
      service.passSeconds(minutes * 60 + 1)
    }
    const stranger = service.browser()
    await begin(stranger)
    await answer(stranger, wrongAnswers)
    t.equal((await prove(stranger, 'passkey', passkey)).status, 303, 'other ways are open meanwhile')
    t.equal((await signIn(stranger, password)).status, 303, 'and so is the door')
  },
)

t.test('a browser that the account knows is not held up by the guesses of strangers', async (t) => {
  const { service, owner } = await startWithAda(t)
  await setQuestions(owner)
  const stranger = service.browser()
  await begin(stranger)
  for (let failures = 0; failures < 6; failures++) await answer(stranger, wrongAnswers)
  t.equal((await answer(stranger)).status, 429)
  await begin(owner)
  t.equal((await answer(owner)).status, 303)
})

t.test('wrong passkeys from one network hold up nobody elsewhere', async (t) => {
  const { service, passkey } = await startWithAda(t, { TRUSTED_PROXIES: '127.0.0.1' })
  const from = async (address: string, proof: string) => {
    const browser = service.browser()
    const headers = { 'x-forwarded-for': address }
    await browser.post('/recover', { username: 'Ada' }, headers)
    return (await browser.post('/recover/passkey', { username: 'Ada', proof }, headers)).status
  }
  const statuses: number[] = []
  for (let failures = 0; failures < 6; failures++) statuses.push(await from('192.0.2.7', wrongPasskey))
  t.strictSame(statuses, [401, 401, 401, 401, 429, 429])
  t.equal(await from('192.0.2.7', passkey), 429)
  t.equal(await from('198.51.100.9', passkey), 303)
})

t.test('strangers who have codes mailed take none from the owner, nor does their network', async (t) => {
  const mailbox = await openMailbox(t)
  const settings = { SMTP_URL: mailbox.url, FAILED_ATTEMPTS_PER_ADDRESS: '8', ...hidden }
  const { service, owner } = await startWithAda(t, settings)
  const send = (browser: TestBrowser) => browser.post('/recover/email/send')
  const stranger = service.browser()
  await begin(stranger)
  for (let sent = 0; sent < 6; sent++)
    t.equal((await send(stranger)).location, '/recover/email', 'nobody is told that none comes')
  for (let sent = 0; sent < 5; sent++) await mailbox.letterTo('ada@example.com')

  await begin(owner)
  for (let sent = 0; sent < 4; sent++) {
    t.equal((await send(owner)).location, '/recover/email')
    const letter = await mailbox.letterTo('ada@example.com')
    if (sent === 3) t.equal((await prove(owner, 'email', codeIn(letter))).status, 303)
  }
  t.equal(mailbox.letters.length, 9, 'five for strangers, four for the browser that is known')
})

t.test('a network that asks for codes too often is sent none, for whichever account', async (t) => {
  const mailbox = await openMailbox(t)
  const { service } = await startWithAda(t, {
    SMTP_URL: mailbox.url,
    FAILED_ATTEMPTS_PER_ADDRESS: '3',
    TRUSTED_PROXIES: '127.0.0.1',
    ...hidden,
  })
  const [near, far] = [{ 'x-forwarded-for': '192.0.2.7' }, { 'x-forwarded-for': '198.51.100.9' }]
  const [abe, ada, elsewhere] = [service.browser(), service.browser(), service.browser()]
  await abe.post('/recover', { username: 'Abe' }, near)
  for (let sent = 0; sent < 3; sent++) await abe.post('/recover/email/send', {}, near)
  await ada.post('/recover', { username: 'Ada' }, near)
  t.equal((await ada.post('/recover/email/send', {}, near)).location, '/recover/email')
  await elsewhere.post('/recover', { username: 'Ada' }, far)
  await elsewhere.post('/recover/email/send', {}, far)
  const code = codeIn(await mailbox.letterTo('ada@example.com'))
  t.equal((await elsewhere.post('/recover/email', { proof: code }, far)).status, 303)
  t.equal(mailbox.letters.length, 1)
})

t.test('guesses at the answers are counted together, wherever they come from', async (t) => {
  const { service, owner } = await startWithAda(t, { TRUSTED_PROXIES: '127.0.0.1' })
  await setQuestions(owner)
  const statuses: number[] = []
  for (let failures = 1; failures <= 6; failures++) {
    const browser = service.browser()
    const headers = { 'x-forwarded-for': `192.0.2.${failures}` }
    await browser.post('/recover', { username: 'Ada' }, headers)
    for (const number of [1, 2]) await browser.post(`/recover/questions/${number}`, { proof: 'x' }, headers)
    statuses.push((await browser.post('/recover/questions/3', { proof: 'x' }, headers)).status)
  }
  t.strictSame(statuses, [401, 401, 401, 401, 429, 429])
})

t.test('an address can begin only so many recoveries, and fail only so often', async (t) => {
  const { service, owner } = await startWithAda(t, { FAILED_ATTEMPTS_PER_ADDRESS: '4' })
  for (let index = 0; index < 4; index++)
    t.equal((await begin(service.browser(), `name${index}`)).status, 404)
  const refused = await begin(service.browser(), 'Ada')
  t.equal(refused.status, 429)
  t.match(refused.body, 'Too many people on your network')
  t.ok(Number(refused.headers.get('retry-after')) > 890)
  for (let index = 0; index < 4; index++)
    t.equal((await begin(owner)).status, 303, 'but not a browser that the account knows')
  t.equal((await begin(owner)).status, 429, 'which has a count of its own')
  service.passSeconds(901)

  const stranger = service.browser()
  await begin(stranger)
  for (let index = 0; index < 4; index++) await prove(stranger, 'passkey', wrongPasskey)
  t.match((await prove(stranger, 'code', wrongPasskey)).body, 'from your network have failed')
  t.equal((await signIn(service.browser(), password)).status, 429, 'signing in counts with it')
})

t.test('of recoveries that begin at one moment no more are let through than may', async (t) => {
  const { service, owner } = await startWithAda(t, { FAILED_ATTEMPTS_PER_ADDRESS: '4' })
  const storm = () => Promise.all(Array.from({ length: 24 }, () => begin(service.browser(), 'nobody')))
  const found = (pages: Page[]) => pages.filter(({ status }) => status === 404).length
  t.equal(found(await storm()), 4)
  t.equal((await begin(owner)).status, 303, 'a browser that the account knows passes')
  t.equal(found(await storm()), 0)
  service.passSeconds(901)
  t.equal(found(await storm()), 4, 'and so again when the wait is over')
})

t.test('answers that were never looked at are no attempt', async (t) => {
  const { service, owner } = await startWithAda(t, {
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
    RECOVERY_FAILURES_BEFORE_COOLDOWN: '100',
  })
  await setQuestions(owner)
  const strangers = await Promise.all(Array.from({ length: 30 }, () => reachLastQuestion(service)))
  const tries = strangers.map((stranger) => stranger.post('/recover/questions/3', { proof: 'wrong' }))
  const pages = await Promise.all(tries)
  const busy = pages.find(({ status }) => status === 503)
  t.match(busy?.body, 'Leave it empty to keep that answer.', 'what was given need not be given again')
  const compared = pages.filter(({ status }) => status === 401).length
  t.ok(compared < 30, 'some were turned away')
  t.equal(pages.filter(({ status }) => status === 503).length, 30 - compared)
  const { rows } = await service.database.query('select failures from failed_attempts')
  t.strictSame(rows, [{ failures: compared }])
})

t.test(
  'with REVEAL_ACCOUNT_EXISTENCE=false every answer is the same for an account and for nobody',
  async (t) => {
    const mailbox = await openMailbox(t)
    const { service, owner } = await startWithAda(t, { ...hidden, SMTP_URL: mailbox.url })
    await setQuestions(owner)
    const [known, unknown] = [service.browser(), service.browser()]
    const same = async (what: string, visit: (browser: TestBrowser, username: string) => Promise<Page>) => {
      const [one, other] = [await visit(known, 'Ada'), await visit(unknown, 'Abe')]
      t.equal(one.status, other.status, what)
      t.equal(withoutQuestions(one).replaceAll('Ada', 'Abe'), withoutQuestions(other), what)
      t.strictSame(headersOf(one), headersOf(other), what)
      return one
    }

    t.equal((await same('begin', (browser, username) => begin(browser, username))).status, 303)
    const ways = await same('method', (browser) => browser.get('/recover/method'))
    for (const path of ['/recover/passkey', '/recover/email/send', '/recover/questions', '/recover/code'])
      t.match(ways.body, path)
    for (const path of ['/recover/passkey', '/recover/email', '/recover/code', '/recover/reset'])
      await same(path, (browser) => browser.get(path))
    t.match((await known.get('/recover/email')).body, 'If this account has a confirmed e-mail address')
    await same('send', (browser, username) => browser.post('/recover/email/send', { username }))
    await mailbox.letterTo('ada@example.com')

    const proofs = [
      ['passkey', wrongPasskey],
      ['email', '0000 0000'],
      ['code', wrongPasskey],
    ] as const
    for (const [method, proof] of proofs) {
      for (let failures = 0; failures < 7; failures++)
        await same(method, (browser, username) => browser.post(`/recover/${method}`, { username, proof }))
    }
    for (const number of [1, 2, 3]) {
      await same('question', (browser) => browser.get(`/recover/questions/${number}`))
      if (number < 3)
        await same('answer', (browser) => browser.post(`/recover/questions/${number}`, { proof: 'x' }))
    }
    for (let failures = 0; failures < 7; failures++)
      await same('answers', (browser) => browser.post('/recover/questions/3', { proof: 'x' }))
  },
)

/** Which three are asked is all that may differ. */
function withoutQuestions({ body }: Page): string {
  return Object.values(securityQuestions).reduce((text, question) => text.replaceAll(question, '?'), body)
}

/** All but what differs from one answer to the next anyway. */
function headersOf({ headers }: Page): [string, string][] {
  const own = new Set(['date', 'set-cookie', 'x-request-id', 'content-length'])
  return [...headers].filter(([name]) => !own.has(name))
}

t.test('whoever has no questions is asked the same ones each time, and answers take as long', async (t) => {
  const { service, owner } = await startWithAda(t, {
    ...hidden,
    PASSWORD_HASH_MEMORY_KIB: '19456',
    PASSWORD_HASH_ITERATIONS: '10',
  })
  const questionsOf = async (username: string) => {
    const browser = service.browser()
    await begin(browser, username)
    const found: string[] = []
    for (const number of [1, 2, 3]) {
      const { body } = await browser.get(`/recover/questions/${number}`)
      found.push(/<label for="proof">([^<]*)</.exec(body)?.[1] ?? '')
      if (number < 3) await browser.post(`/recover/questions/${number}`, { proof: 'x' })
    }
    return found
  }
  const invented = await questionsOf('Abe')
  t.equal(new Set(invented).size, 3)
  t.strictSame(await questionsOf('ABE'), invented)
  const names = await Promise.all(['Ada', 'Cem', 'Dee', 'Eve', 'Fay'].map((name) => questionsOf(name)))
  t.ok(new Set(names.map((each) => each.join(''))).size > 2, 'others are asked others')

  const timeOf = async (username: string) => {
    const browser = service.browser()
    await begin(browser, username)
    for (const number of [1, 2]) await browser.post(`/recover/questions/${number}`, { proof: 'x' })
    const started = performance.now()
    t.equal((await browser.post('/recover/questions/3', { proof: 'x' })).status, 401)
    return performance.now() - started
  }
  await setQuestions(owner)
  await owner.post('/register', { username: 'Cem', password, confirmPassword: password })
  const fastest = { Ada: Infinity, Abe: Infinity, Cem: Infinity }
  for (let round = 0; round < 4; round++) {
    for (const name of ['Ada', 'Abe', 'Cem'] as const)
      fastest[name] = Math.min(fastest[name], await timeOf(name))
  }
  for (const name of ['Abe', 'Cem'] as const) {
    const ratio = fastest[name] / fastest.Ada
    t.ok(
      ratio > 0.5 && ratio < 2,
      `${name} takes ${ratio.toFixed(2)} times as long as Ada, who has questions`,
    )
  }
})
