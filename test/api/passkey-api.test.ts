import t, { type Test } from 'tap'
import { until } from '../database/until.js'
import { startTestService } from '../flows/test-service.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'
import { foreignHeaders, hostileRequests } from './hostile-requests.js'

const password = 'correct horse battery'
const wrong = 'a wrong guess indeed'
const path = '/api/user/regenerate-key'
const shape = /^[0-9A-Z]{4}(-[0-9A-Z]{4}){5}$/
const contract = new ApiContract()

async function startWithAda(t: Test, settings: Record<string, string> = {}) {
  const service = await startTestService(t, settings)
  const owner = new ApiClient(t, contract, service.origin)
  const { json } = await owner.post('/api/register', { username: 'Ada', password })
  const stranger = () => new ApiClient(t, contract, service.origin)
  return { service, owner, stranger, newPasskey: json['newPasskey'] }
}

t.test('a new account gets its passkey with the answer, once', async (t) => {
  const { service, owner, stranger, newPasskey } = await startWithAda(t)
  t.match(newPasskey, shape)
  for (const client of [owner, stranger()]) {
    const { json } = await client.post('/api/login', { username: 'Ada', password })
    t.notOk('newPasskey' in json)
  }
  const browser = service.browser()
  await browser.post('/login', { username: 'Ada', password })
  t.equal((await browser.get('/dashboard')).status, 200, 'nor does a page show it again')
  t.notMatch(JSON.stringify(service.logged()), String(newPasskey))
})

t.test(
  'an account that was made on a page and whose passkey was not seen gets one at its first sign-in',
  async (t) => {
    const { service, stranger } = await startWithAda(t)
    await service.browser().post('/register', { username: 'Eve', password, confirmPassword: password })
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => stranger().post('/api/login', { username: 'Eve', password })),
    )
    const passkeys = answers.flatMap(({ json }) => ('newPasskey' in json ? [json['newPasskey']] : []))
    t.equal(passkeys.length, 1, 'of many at once, one')
    t.match(passkeys[0], shape)
  },
)

t.test('where the operator offers no passkeys there are none', async (t) => {
  const { owner, newPasskey } = await startWithAda(t, { RECOVERY_METHODS: 'email' })
  t.equal(newPasskey, undefined)
  t.equal((await owner.post(path, { password })).status, 404)
})

t.test('the password brings a new passkey, and the session a new token', async (t) => {
  const { service, owner, newPasskey } = await startWithAda(t)
  const before = new Map(owner.cookies)
  const answer = await owner.post(path, { password })
  t.equal(answer.status, 200)
  t.match(answer.json['newPasskey'], shape)
  t.not(answer.json['newPasskey'], newPasskey)
  t.not(owner.cookies.get('latchkey_session'), before.get('latchkey_session'))
  t.equal((await owner.get('/api/session')).status, 200)
  const authorization = `Bearer ${before.get('latchkey_session')}`
  t.equal((await owner.get('/api/session', { authorization })).status, 401, 'the old token is dead')

  const again = await owner.post(path, { password: wrong })
  t.equal(again.status, 401, 'the password is looked at each time')
  t.match(again.json, { error: 'incorrectPassword', attempt: 1, limit: 20 })
  const { rows } = await service.database.query(
    'select from recovery_passkeys where passkey_hash is not null',
  )
  t.equal(rows.length, 1)
  await until(async () => {
    const events = await service.database.query(
      "select from security_events where kind = 'recoveryPasskeyCreated'",
    )
    return events.rowCount === 2
  })
})

t.test(
  'nobody gets one without a session, and wrong passwords are counted with those of sign-in',
  async (t) => {
    const { owner, stranger } = await startWithAda(t)
    const refused = await stranger().post(path, { password })
    t.equal(refused.status, 401)
    t.match(refused.json, { error: 'notSignedIn', message: 'Please sign in first.' })
    for (const body of [{}, { password: '' }, { password: ['a', 'b'] }, { password: 'a\0' }]) {
      const answer = await owner.post(path, body)
      t.equal(answer.status, 400)
      t.match(answer.json, { error: 'invalidFields', problems: [{ field: 'password' }] })
    }
    t.match((await owner.post('/api/login', { username: 'Ada', password: wrong })).json, { attempt: 1 })
    for (let attempt = 2; attempt < 5; attempt++)
      t.match((await owner.post(path, { password: wrong })).json, { attempt })
    const fifth = await owner.post(path, { password: wrong })
    t.equal(fifth.status, 429)
    t.equal(fifth.headers.get('retry-after'), '900')
    t.equal((await owner.post(path, { password })).status, 429)
    t.equal((await owner.get('/api/session')).status, 200, 'the session goes on')
  },
)

t.test('an account without a password is told where its passkey is made', async (t) => {
  const { service, owner } = await startWithAda(t)
  await service.database.query('update accounts set has_password = false')
  const answer = await owner.post(path, { password })
  t.equal(answer.status, 409)
  t.match(answer.json, { error: 'passwordMissing', message: /in the profile, in a browser/ })
  t.equal((await service.database.query('select from failed_attempts')).rowCount, 0, 'it is no guess')
})

t.test('where a second step is asked for the password alone brings none', async (t) => {
  const { service, owner, newPasskey } = await startWithAda(t, { EMAIL_OTP: 'optional' })
  await service.database.query(
    `update accounts set email = 'ada@x.example', canonical_email = 'ada@x.example', email_confirmed_at = now()`,
  )
  await service.database.query(
    'insert into second_factors (account_id, email_otp_since) select id, now() from accounts',
  )
  const passkeys = () => service.database.query('select passkey_hash from recovery_passkeys')
  const before = (await passkeys()).rows
  const answer = await owner.post(path, { password })
  t.equal(answer.status, 409)
  t.match(answer.json, { error: 'secondStepDue', message: /in the profile, in a browser/ })
  t.strictSame((await passkeys()).rows, before)
  t.match(newPasskey, shape)
  await service.database.query('delete from second_factors')
  t.equal((await owner.post(path, { password })).status, 200)
})

t.test('a lock holds here too', async (t) => {
  const limits = { FAILED_ATTEMPTS_BEFORE_COOLDOWN: '2', FAILED_ATTEMPTS_BEFORE_LOCK: '3' }
  const { service, owner } = await startWithAda(t, limits)
  for (const status of [401, 429]) t.equal((await owner.post(path, { password: wrong })).status, status)
  service.passSeconds(901)
  const locked = await owner.post(path, { password: wrong })
  t.equal(locked.status, 403)
  t.match(locked.json, { error: 'locked' })
})

t.test('bodies and sites that are refused elsewhere are refused here', async (t) => {
  const { owner } = await startWithAda(t)
  for (const [type, body, status, code] of hostileRequests) {
    const answer = await owner.send('POST', path, { body, headers: { 'content-type': type ?? '' } })
    t.equal(answer.status, status, `${type} ${JSON.stringify(String(body)).slice(0, 60)}`)
    t.equal(answer.json['error'], code)
  }
  for (const headers of foreignHeaders) {
    const answer = await owner.post(path, { password }, headers)
    t.equal(answer.status, 403)
    t.match(answer.json, { error: 'crossSite' })
  }
})

t.test('a full queue and failures of the service are told as documented', async (t) => {
  const { service, owner } = await startWithAda(t, {
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
    FAILED_ATTEMPTS_BEFORE_COOLDOWN: '100',
    FAILED_ATTEMPTS_BEFORE_LOCK: '200',
  })
  const answers = await Promise.all(Array.from({ length: 20 }, () => owner.post(path, { password: wrong })))
  t.ok(answers.some(({ status, json }) => status === 503 && json['error'] === 'busy'))
  for (const [change, back, status] of [
    ['alter table accounts rename to lost', 'alter table lost rename to accounts', 503],
    [
      'alter table accounts rename password_hash to lost',
      'alter table accounts rename lost to password_hash',
      500,
    ],
  ] as const) {
    await service.database.query(change)
    t.equal((await owner.post(path, { password })).status, status)
    await service.database.query(back)
  }
})

t.test('every answer that is documented has been given', async (t) => {
  t.strictSame(contract.unseen(path), [])
})
