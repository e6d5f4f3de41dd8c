import t, { type Test } from 'tap'
import { answers, email, newPassword, password, setQuestions } from '../flows/recovery-scene.js'
import { startTestService, type TestService } from '../flows/test-service.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { databaseUrl, quickHashing, runCommand } from '../operator/run-command.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'
import { foreignHeaders, hostileRequests } from './hostile-requests.js'

const contract = new ApiContract()
const step = (name: string) => `/api/recover/${name}`
const posts = ['initiate', 'verify-key', 'verify-answers', 'send-code', 'verify-code', 'reset'].map(step)
/** So that codes by mail are offered; where letters go matters to one test only. */
const mail = { SMTP_URL: 'smtp://127.0.0.1:9' }
const noPasskey = '0000-0000-0000-0000-0000-0000'

type Scene = { service: TestService; owner: ApiClient; passkey: string; stranger: () => ApiClient }

/** A service with one account, Ada's, whose passkey was handed over and whose address is confirmed. */
async function startWithAda(t: Test, settings: Record<string, string> = {}): Promise<Scene> {
  const service = await startTestService(t, { FAILED_ATTEMPTS_PER_ADDRESS: '1000000', ...mail, ...settings })
  const owner = new ApiClient(t, contract, service.origin)
  const { json } = await owner.post('/api/register', { username: 'Ada', password, email })
  await service.database.query('update accounts set email_confirmed_at = now()')
  const stranger = () => new ApiClient(t, contract, service.origin)
  return { service, owner, passkey: String(json['newPasskey']), stranger }
}

async function startWithQuestions(t: Test, settings: Record<string, string> = {}): Promise<Scene> {
  const scene = await startWithAda(t, settings)
  const browser = scene.service.browser()
  await browser.post('/login', { username: 'Ada', password })
  await setQuestions(browser)
  return scene
}

/** A program that has begun a recovery. */
async function begin({ stranger }: Scene, username = 'Ada'): Promise<ApiClient> {
  const client = stranger()
  t.equal((await client.post(step('initiate'), { username })).status, 200)
  return client
}

const reset = (client: ApiClient, tempToken: unknown, more: object = {}) =>
  client.post(step('reset'), { username: 'Ada', newPassword, tempToken, ...more })

t.test(
  'the passkey brings a new password, and the next sign-in a new passkey: all of the diagram',
  async (t) => {
    const scene = await startWithAda(t)
    const client = scene.stranger()
    const begun = await client.post(step('initiate'), { username: 'ada' })
    t.strictSame(begun.json['methods'], ['passkey', 'email'], 'she has set up no questions')
    const proved = await client.post(step('verify-key'), {
      username: 'Ada',
      passkey: scene.passkey.toLowerCase(),
    })
    t.equal(proved.status, 200)
    t.notOk(client.cookies.has('latchkey_recovery'), 'from now on the token alone counts')

    t.equal((await reset(client, proved.json['tempToken'])).status, 200)
    t.equal((await scene.owner.get('/api/session')).status, 401, 'signed out everywhere')
    t.equal((await client.post('/api/login', { username: 'Ada', password })).status, 401)
    const signedIn = await client.post('/api/login', { username: 'Ada', password: newPassword })
    t.equal(signedIn.status, 200)
    t.match(signedIn.json['newPasskey'], /^\w{4}(-\w{4}){5}$/)
    t.not(signedIn.json['newPasskey'], scene.passkey)

    const again = await begin(scene)
    t.equal(
      (await again.post(step('verify-key'), { passkey: scene.passkey })).status,
      401,
      'the old one is dead',
    )
    t.equal((await again.post(step('verify-key'), { passkey: signedIn.json['newPasskey'] })).status, 200)
    const secrets = new RegExp(
      [scene.passkey, password, newPassword, String(proved.json['tempToken'])].join('|'),
    )
    t.notMatch(JSON.stringify(scene.service.logged()), secrets)
  },
)

t.test('a lock is lifted by it', async (t) => {
  const limits = { FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2', FAILED_ATTEMPTS_BEFORE_LOCK: '3' }
  const scene = await startWithAda(t, limits)
  const guess = (typed: string) => scene.stranger().post('/api/login', { username: 'Ada', password: typed })
  for (const status of [401, 429]) t.equal((await guess('a wrong guess')).status, status)
  scene.service.passSeconds(901)
  const locked = await guess('a wrong guess')
  t.equal(locked.status, 403)
  t.match(locked.json, { message: /Use your recovery passkey to unlock it\.$/ })
  const client = await begin(scene)
  const { json } = await client.post(step('verify-key'), { passkey: scene.passkey })
  await reset(client, json['tempToken'])
  t.equal((await guess(newPassword)).status, 200)
})

t.test('the three questions are told, and their answers checked together', async (t) => {
  const scene = await startWithQuestions(t)
  const client = await begin(scene)
  const { json } = await client.get(`${step('questions')}?username=ada`)
  t.match(json['questions'], [
    { key: 'firstFilm', question: /^Which film/ },
    { key: 'firstDish' },
    { key: 'firstBoss' },
  ])
  const wrong = await client.post(step('verify-answers'), { answers: ['x', 'y', 'z'] })
  t.equal(wrong.status, 401)
  t.match(wrong.json, {
    error: 'incorrectProof',
    attempt: 1,
    limit: 5,
    message: /^At least one.*Attempt 1 of 5\.$/,
  })
  const right = await client.post(step('verify-answers'), { username: 'Ada', answers })
  t.equal(right.status, 200)
  t.equal((await reset(client, right.json['tempToken'])).status, 200)
})

t.test('a code comes by mail, and counts for the program that asked for it', async (t) => {
  const mailbox = await openMailbox(t)
  const scene = await startWithAda(t, { SMTP_URL: mailbox.url })
  const client = await begin(scene)
  t.equal((await client.post(step('send-code'), { username: 'Ada' })).status, 202)
  const code = codeIn(await mailbox.letterTo(email))
  const thief = await begin(scene)
  t.equal((await thief.post(step('verify-code'), { code, source: 'email' })).status, 401)
  const proved = await client.post(step('verify-code'), { code, source: 'email' })
  t.equal(proved.status, 200)
  t.equal((await reset(client, proved.json['tempToken'])).status, 200)
})

t.test("the operator's code is taken once", async (t) => {
  const scene = await startWithAda(t)
  const settings = { DATABASE_URL: databaseUrl(scene.service.connection), ...quickHashing }
  const { out } = await runCommand(['accounts', 'reset-code', 'ada'], settings)
  const code = /^ {2}(\S+)$/m.exec(out)?.[1]
  const client = await begin(scene)
  t.equal((await client.post(step('verify-code'), { code, source: 'operator' })).status, 200)
  const other = await begin(scene)
  t.equal((await other.post(step('verify-code'), { code, source: 'operator' })).status, 401)
})

t.test(
  'a recovery belongs to the program and the name that began it, and its token to one reset',
  async (t) => {
    const scene = await startWithQuestions(t)
    const { passkey } = scene
    const proofs: [path: string, body: object][] = [
      [step('verify-key'), { passkey }],
      [step('verify-answers'), { answers }],
      [step('verify-code'), { code: passkey, source: 'operator' }],
      [step('send-code'), {}],
      [step('reset'), { newPassword, tempToken: 'A'.repeat(43) }],
    ]
    const begun = await begin(scene)
    for (const [path, body] of proofs) {
      const elsewhere = await scene.stranger().post(path, body)
      t.equal(elsewhere.status, 410, path)
      t.match(elsewhere.json, { error: 'recoveryOver', message: /^Please begin again\./ })
      t.equal((await begun.post(path, { ...body, username: 'Eve' })).status, 410, `${path} of another name`)
    }
    t.equal((await scene.stranger().get(step('questions'))).status, 410)
    t.equal((await begun.get(`${step('questions')}?username=Eve`)).status, 410)

    const before = begun.cookies.get('latchkey_recovery')?.split('.')[0]
    t.equal((await reset(begun, before)).status, 410, 'nothing is proved yet')
    const proved = await begun.post(step('verify-key'), { passkey })
    const { tempToken } = proved.json
    t.equal((await reset(begun, before)).status, 410, 'the token from before the proof')
    t.equal((await reset(begun, tempToken, { username: 'Eve' })).status, 410)
    const thief = scene.stranger()
    thief.cookies.set('latchkey_recovery', `${String(tempToken)}.QWRh`)
    t.equal((await thief.post(step('verify-key'), { passkey })).status, 410, 'proved is proved')
    const all = await Promise.all(Array.from({ length: 16 }, () => reset(scene.stranger(), tempToken)))
    t.strictSame(all.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 15 }, () => 410)])
  },
)

t.test('it ends by itself', async (t) => {
  const scene = await startWithAda(t)
  const client = await begin(scene)
  const { json } = await client.post(step('verify-key'), { passkey: scene.passkey })
  scene.service.passSeconds(601)
  t.equal((await reset(client, json['tempToken'])).status, 410)
  const late = await begin(scene)
  scene.service.passSeconds(1801)
  t.equal((await late.post(step('verify-key'), { passkey: scene.passkey })).status, 410)
})

t.test('whether an account exists is told as on the page, or not at all', async (t) => {
  const scene = await startWithAda(t)
  const unknown = await scene.stranger().post(step('initiate'), { username: 'Abe' })
  t.equal(unknown.status, 404)
  t.match(unknown.json, { error: 'usernameNotFound', message: /^No account has this username\./ })
  const none = await (await begin(scene)).get(step('questions'))
  t.equal(none.status, 404)
  t.match(none.json, { error: 'noQuestions' })

  const silent = await startWithAda(t, { REVEAL_ACCOUNT_EXISTENCE: 'false' })
  const tell = async (username: string) => {
    const client = silent.stranger()
    const begun = await client.post(step('initiate'), { username })
    const seen: unknown[] = [begun.status, begun.json['methods']]
    const questions = await client.get(step('questions'))
    seen.push(questions.status, (questions.json['questions'] as unknown[]).length)
    seen.push((await client.post(step('send-code'))).status)
    for (const [path, body] of [
      ['verify-key', { passkey: noPasskey }],
      ['verify-answers', { answers }],
      ['verify-code', { code: '1234 5678', source: 'email' }],
      ['verify-code', { code: noPasskey, source: 'operator' }],
    ] as const) {
      const { status, json } = await client.post(step(path), body)
      const { requestId: _, ...rest } = json
      seen.push(status, rest)
    }
    return seen
  }
  t.strictSame(await tell('Ada'), await tell('Abe'))
})

t.test('guessing is stopped, by each way for itself', async (t) => {
  const scene = await startWithQuestions(t)
  const guesses: [path: string, body: object][] = [
    [step('verify-key'), { passkey: noPasskey }],
    [step('verify-answers'), { answers: ['x', 'y', 'z'] }],
    [step('verify-code'), { code: noPasskey, source: 'operator' }],
  ]
  for (const [path, body] of guesses) {
    for (let attempt = 1; attempt < 5; attempt++)
      t.match((await (await begin(scene)).post(path, body)).json, { error: 'incorrectProof', attempt })
    const fifth = await (await begin(scene)).post(path, body)
    t.equal(fifth.status, 429, path)
    t.equal(fifth.headers.get('retry-after'), '900')
    t.match(fifth.json, { error: 'coolingDown', retryAfterSeconds: 900 })
    t.equal((await (await begin(scene)).post(path, { ...body, passkey: scene.passkey, answers })).status, 429)
  }
  const crowded = await startWithAda(t, { FAILED_ATTEMPTS_PER_ADDRESS: '2' })
  for (const status of [200, 200, 429])
    t.equal((await crowded.stranger().post(step('initiate'), { username: 'Ada' })).status, status)
})

t.test('every field that cannot be used is named', async (t) => {
  const scene = await startWithQuestions(t)
  const client = await begin(scene)
  const { passkey } = scene
  const proved = await (await begin(scene)).post(step('verify-key'), { passkey })
  const { tempToken } = proved.json
  const cases: [path: string, body: object, field: string, words: RegExp][] = [
    ['initiate', {}, 'username', /^Enter your username or e-mail address\.$/],
    ['initiate', { username: ['a', 'b'] }, 'username', /^More than one/],
    ['initiate', { username: 'a\0' }, 'username', /cannot be read/],
    ['initiate', { username: 'x'.repeat(255) }, 'username', /longer than any/],
    ['verify-key', {}, 'passkey', /^Enter your recovery passkey\.$/],
    ['verify-key', { passkey: '\ufffd' }, 'passkey', /cannot be read/],
    ['verify-key', { passkey: 'ABCD' }, 'passkey', /24 letters and digits/],
    ['verify-key', { passkey, username: 'a\0' }, 'username', /cannot be read/],
    ['verify-answers', {}, 'answers', /^Enter your 3 answers, in the order of the questions\.$/],
    ['verify-answers', { answers: 'x' }, 'answers', /^Enter your 3 answers/],
    ['verify-answers', { answers: ['x', 'y'] }, 'answers', /^Enter your 3 answers/],
    ['verify-answers', { answers: ['x', ' ', 'z'] }, 'answers', /^Enter your answer to question 2\.$/],
    ['verify-answers', { answers: ['x', 'y', 'z\ud800'] }, 'answers', /^Your answer to question 3 holds/],
    ['verify-answers', { answers: ['x', '?!', 'z'] }, 'answers', /letters or digits/],
    ['send-code', { username: ['a', 'b'] }, 'username', /^More than one/],
    ['verify-code', { code: '12345678' }, 'source', /"email".*"operator"/],
    ['verify-code', { code: '12345678', source: 'moon' }, 'source', /"email".*"operator"/],
    ['verify-code', { source: 'email' }, 'code', /^Enter your code\.$/],
    ['verify-code', { source: 'email', code: '12' }, 'code', /8 digits/],
    ['verify-code', { source: 'operator', code: '12' }, 'code', /24 letters and digits/],
    ['reset', { newPassword }, 'tempToken', /^Enter your temporary token\.$/],
    ['reset', { tempToken }, 'newPassword', /^Choose a password\.$/],
    ['reset', { tempToken, newPassword: 'short' }, 'newPassword', /at least 8/],
    ['reset', { tempToken, newPassword: email }, 'newPassword', /hardly more than/],
    ['reset', { tempToken, newPassword: '\ud800'.repeat(9) }, 'newPassword', /cannot be read/],
    ['reset', { tempToken, newPassword, confirmPassword: 'other' }, 'confirmPassword', /differs/],
  ]
  for (const [name, body, field, words] of cases) {
    const answer = await client.post(step(name), body)
    t.equal(answer.status, 400, `${name} ${JSON.stringify(body).slice(0, 80)}`)
    t.match(answer.json, { error: 'invalidFields', problems: [{ field, message: words }] })
    t.equal(answer.headers.get('set-cookie'), null)
  }
  t.equal((await client.get(`${step('questions')}?username=a&username=b`)).status, 400)
  const { rowCount } = await scene.service.database.query(
    "select from failed_attempts where subject like 'recovery%'",
  )
  t.equal(rowCount, 0, 'what could be no proof was no attempt')
  t.equal((await reset(client, tempToken)).status, 200, 'and nothing was lost by it')
})

t.test('bodies and sites that are refused elsewhere are refused here, and change nothing', async (t) => {
  const scene = await startWithAda(t)
  const client = await begin(scene)
  for (const path of posts) {
    for (const [type, body, status, code] of hostileRequests) {
      const answer = await client.send('POST', path, { body, headers: { 'content-type': type ?? '' } })
      t.equal(answer.status, status, `${path} ${type} ${JSON.stringify(String(body)).slice(0, 60)}`)
      t.equal(answer.json['error'], code)
    }
    for (const headers of foreignHeaders) {
      const answer = await client.post(path, { username: 'Ada', passkey: scene.passkey }, headers)
      t.equal(answer.status, 403, path)
      t.match(answer.json, { error: 'crossSite' })
      t.equal(answer.headers.get('set-cookie'), null)
    }
  }
  t.equal((await client.post(step('verify-key'), { passkey: scene.passkey })).status, 200)
})

t.test('what the operator has left out is not there', async (t) => {
  const scene = await startWithAda(t, { RECOVERY_METHODS: 'none' })
  const client = scene.stranger()
  const begun = await client.post(step('initiate'), { username: 'Ada' })
  t.strictSame(begun.json['methods'], [])
  for (const name of ['verify-key', 'verify-answers', 'send-code'])
    t.equal((await client.post(step(name), {})).status, 404, name)
  t.equal((await client.get(step('questions'))).status, 404)
  const answer = await client.post(step('verify-code'), { code: '12345678', source: 'email' })
  t.equal(answer.status, 400)
})

t.test('a full queue and failures of the service are told as documented', async (t) => {
  const scene = await startWithQuestions(t, {
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
    RECOVERY_FAILURES_BEFORE_COOLDOWN: '1000',
  })
  const client = await begin(scene)
  const body = { answers: ['x', 'y', 'z'] }
  const busy = await Promise.all(Array.from({ length: 20 }, () => client.post(step('verify-answers'), body)))
  t.ok(busy.some(({ status, json }) => status === 503 && json['error'] === 'busy'))
  const { json } = await (await begin(scene)).post(step('verify-key'), { passkey: scene.passkey })
  const resets = await Promise.all(Array.from({ length: 20 }, () => reset(client, json['tempToken'])))
  t.ok(resets.some(({ status, json }) => status === 503 && json['error'] === 'busy'))

  const bodies: Record<string, object> = {
    initiate: { username: 'Ada' },
    'verify-key': { passkey: scene.passkey },
    'verify-answers': { answers },
    'send-code': {},
    'verify-code': { code: noPasskey, source: 'operator' },
    reset: { newPassword, tempToken: 'A'.repeat(43) },
  }
  for (const [change, back, status] of [
    ['alter table recoveries rename to lost', 'alter table lost rename to recoveries', 503],
    [
      'alter table recoveries rename token_hash to lost',
      'alter table recoveries rename lost to token_hash',
      500,
    ],
  ] as const) {
    const holder = await begin(scene)
    await scene.service.database.query(change)
    for (const [name, body] of Object.entries(bodies))
      t.equal((await holder.post(step(name), body)).status, status, name)
    t.equal((await holder.get(step('questions'))).status, status)
    await scene.service.database.query(back)
  }
})

t.test('every answer that is documented has been given', async (t) => {
  t.strictSame(contract.unseen(...posts, step('questions')), [])
})
