import t from 'tap'
import { codeIn } from '../mail/code-in.js'
import {
  enterAppCode,
  enterPasswordForApp,
  proveByApp,
  setUpApp,
  startWithApp,
} from './authenticator-scene.js'
import { email, password } from './recovery-scene.js'
import { isSignedIn, otherThan, proveByCode, startWithCodeOn, startWithCodes } from './sign-in-code-scene.js'
import { savePasskey } from './save-passkey.js'
import type { Page, TestBrowser } from './test-browser.js'
import { startTestService } from './test-service.js'

const session = 'latchkey_session'
const wanted = '/profile/delete'
const query = `?redirectUrl=${encodeURIComponent(wanted)}`
const confirm = '/profile/confirm'
const stepPage = `${confirm}/authenticator`

/** Each with what it takes, sent by somebody who has the session and the password, and nothing else. */
const deeds: [form: string, deed: string, fields: Record<string, string>][] = [
  ['/profile/authenticator', '/profile/authenticator/off', {}],
  ['/profile/authenticator', '/profile/authenticator/begin', {}],
  ['/profile/authenticator', '/profile/authenticator/recovery-codes', {}],
  ['/profile/sign-in-code', '/profile/sign-in-code/on', {}],
  ['/profile/email', '/profile/email', { email: 'eve@example.com' }],
  ['/profile/email/remove', '/profile/email/remove', {}],
  ['/profile/password', '/profile/password', { password: 'a better one', confirmPassword: 'a better one' }],
  ['/profile/recovery-passkey', '/profile/recovery-passkey', {}],
  ['/profile/questions', '/profile/questions', {}],
  ['/profile/questions/remove', '/profile/questions/remove', {}],
  ['/profile/passkeys/add', '/profile/passkeys/add', {}],
  ['/profile/delete', '/profile/delete', { isSure: 'yes' }],
]
const confirmOf = (form: string) => `${confirm}?redirectUrl=${encodeURIComponent(form)}`
const givePassword = (browser: TestBrowser): Promise<Page> =>
  browser.post(`${confirm}${query}`, { currentPassword: password })
const giveCode = (browser: TestBrowser, code: string): Promise<Page> =>
  browser.post(`${stepPage}${query}`, { username: 'Ada', code })

t.test('the session and the password together change nothing where a second step is asked for', async (t) => {
  const { service, owner } = await startWithApp(t, { EMAIL_OTP: 'optional' })
  const tables = ['accounts', 'authenticator_apps', 'recovery_codes', 'second_factors', 'email_codes']
  const look = () =>
    Promise.all(
      tables.map(
        async (table) => (await service.database.query(`select * from ${table} order by 1, 2`)).rows,
      ),
    )
  const before = await look()
  const proofs = () => service.database.query('select proved_at, is_full from password_proofs')
  const noted = (await proofs()).rows
  for (const [form, deed, fields] of deeds) {
    t.equal((await owner.get(form)).location, confirmOf(form), `${form} is not shown`)
    const page = await owner.post(deed, { ...fields, currentPassword: password })
    t.equal(page.status, 303, deed)
    t.match(page.location, confirm, `${deed} is not done`)
  }
  t.match((await givePassword(owner)).location, stepPage)
  for (const [form, deed, fields] of deeds) {
    t.equal((await owner.get(form)).location, confirmOf(form), `${form}, between the password and the code`)
    t.match((await owner.post(deed, { ...fields, currentPassword: password })).location, confirm, deed)
  }
  t.strictSame(await look(), before)
  t.strictSame((await proofs()).rows, noted, 'no proof is noted')
})

t.test(
  'after the password the app is asked for, and then the form that was wanted, without a password',
  async (t) => {
    const { service, owner, phone } = await startWithApp(t)
    const thief = service.browser()
    thief.cookies.set(session, owner.cookies.get(session) ?? '')
    t.equal((await owner.get(wanted)).location, `${confirm}${query}`)
    const first = await owner.get(`${confirm}${query}`)
    t.match(first.body, 'Confirm that it is you')
    t.match(first.body, 'First your password, then what is asked for after it when you sign in.')
    t.equal((await owner.post(`${confirm}${query}`)).status, 400)
    t.equal((await owner.post(`${confirm}${query}`, { currentPassword: 'wrong' })).status, 401)
    t.equal((await givePassword(owner)).location, `${stepPage}${query}`)
    const page = await owner.get(`${stepPage}${query}`)
    t.match(page.body, '<h1>Confirm that it is you</h1>')
    t.match(page.body, `action="${stepPage}${query}"`)
    t.match(page.body, `href="${confirm}/recovery-code${query}"`)
    for (const word of ['Sign in as somebody else', 'name="trust"', '>Sign in<']) t.notMatch(page.body, word)
    t.equal((await giveCode(owner, 'abc')).status, 400)
    t.equal((await giveCode(owner, otherThan(phone.nextCode()))).status, 401)

    t.equal((await thief.get('/dashboard')).status, 200)
    const done = await giveCode(owner, phone.code())
    t.equal(done.location, wanted)
    t.notOk(owner.cookies.has('latchkey_proof'))
    t.match((await thief.get('/dashboard')).location, /^\/login/, 'the session has another token')
    const form = await owner.get(wanted)
    t.equal(form.status, 200)
    t.notMatch(form.body, 'currentPassword')
    for (const back of [`${confirm}${query}`, `${stepPage}${query}`])
      t.equal((await owner.get(back)).location, wanted, 'whoever goes back is sent on')
    service.passSeconds(601)
    t.equal((await owner.get(wanted)).location, `${confirm}${query}`, 'ten minutes later it is over')
  },
)

t.test(
  'a proof counts in the browser where it was given, and in no other that the account knows',
  async (t) => {
    const { service, owner, phone } = await startWithApp(t)
    const known = service.browser()
    await enterPasswordForApp(known)
    t.equal((await enterAppCode(known, phone.nextCode())).status, 303)
    await proveByApp(owner, phone.nextCode())
    t.equal((await owner.get(wanted)).status, 200)
    known.cookies.set(session, owner.cookies.get(session) ?? '')
    t.equal((await known.get('/dashboard')).status, 200)
    t.equal((await known.get(wanted)).location, `${confirm}${query}`)
    t.match((await known.post('/profile/authenticator/off')).location, confirm)
    t.equal((await service.database.query('select from authenticator_apps')).rowCount, 1)
  },
)

t.test('a recovery code, or a mailed one, proves it like the app', async (t) => {
  const { owner, phone, recoveryCodes, mailbox } = await startWithApp(t, { EMAIL_OTP: 'optional' })
  await givePassword(owner)
  const fields = { username: 'Ada', code: recoveryCodes[0] ?? '' }
  t.equal((await owner.post(`${confirm}/recovery-code${query}`, fields)).location, wanted)
  t.match((await mailbox.letterTo(email)).text, 'a recovery code of your account Ada')
  await owner.post('/profile/sign-in-code/on')
  await mailbox.letterTo(email)
  phone.passSeconds(601)
  t.match((await givePassword(owner)).location, stepPage)
  t.equal((await owner.post(`${confirm}/code/send${query}`)).location, `${confirm}/code${query}`)
  const letter = await mailbox.letterTo(email)
  t.match(letter.text, 'the code to confirm that it is you')
  const code = { username: 'Ada', code: codeIn(letter) }
  t.equal((await owner.post(`${confirm}/code${query}`, code)).location, wanted)
})

t.test('a mailed code is sent for it, and another when it is asked for', async (t) => {
  const { owner, mailbox } = await startWithCodeOn(t)
  t.equal((await givePassword(owner)).location, `${confirm}/code${query}`)
  const first = codeIn(await mailbox.letterTo(email))
  const page = await owner.get(`${confirm}/code${query}`)
  t.match(page.body, 'Confirm that it is you')
  t.match(page.body, `action="${confirm}/code/send${query}"`)
  await owner.post(`${confirm}/code/send${query}`)
  const second = codeIn(await mailbox.letterTo(email))
  if (first !== second)
    t.equal((await owner.post(`${confirm}/code${query}`, { username: 'Ada', code: first })).status, 401)
  const done = await owner.post(`${confirm}/code${query}`, { username: 'Ada', code: second })
  t.equal(done.location, wanted)
  t.equal((await owner.get(wanted)).status, 200)
})

t.test('where everybody has to show a code, an account without an address gives one first', async (t) => {
  const { service, owner: registered, mailbox } = await startWithCodes(t)
  const settings = { EMAIL_OTP: 'required', SMTP_URL: mailbox.url }
  const owner = (await startTestService(t, settings, service)).browser()
  for (const [name, value] of registered.cookies) owner.cookies.set(name, value)
  await service.database.query('select set_account_email(id, null, null, null) from accounts')
  t.equal((await givePassword(owner)).location, `${confirm}/email${query}`)
  t.match((await owner.get(`${confirm}/email${query}`)).body, 'To go on you need a code')
  t.equal((await owner.get(`${confirm}/code${query}`)).location, `${confirm}/email${query}`)
  t.equal((await owner.post(`${confirm}/email${query}`, { username: 'Ada', email: 'x' })).status, 400)
  const given = await owner.post(`${confirm}/email${query}`, { username: 'Ada', email })
  t.equal(given.location, `${confirm}/code${query}`)
  const code = codeIn(await mailbox.letterTo(email))
  t.equal((await owner.post(`${confirm}/code${query}`, { username: 'Ada', code })).location, wanted)
})

t.test('a browser that is trusted is asked for the password alone, in the form', async (t) => {
  const { service, phone } = await startWithApp(t)
  const browser = service.browser()
  await enterPasswordForApp(browser)
  await enterAppCode(browser, phone.nextCode(), { trust: true })
  const form = await browser.get('/profile/authenticator')
  t.match(form.body, 'name="currentPassword"')
  const off = await browser.post('/profile/authenticator/off', { currentPassword: password })
  t.equal(off.location, '/profile?notice=authenticatorAppOff')
})

t.test('a sign-in under way proves nothing, and a proof under way signs nobody in', async (t) => {
  const { service, owner, phone } = await startWithApp(t)
  const stranger = service.browser()
  await enterPasswordForApp(stranger)
  await givePassword(owner)
  const [signIn = '', proof = ''] = [
    stranger.cookies.get('latchkey_sign_in'),
    owner.cookies.get('latchkey_proof'),
  ]
  owner.cookies.set('latchkey_proof', signIn)
  t.equal(
    (await giveCode(owner, phone.nextCode())).location,
    `${confirm}?over=yes&redirectUrl=%2Fprofile%2Fdelete`,
  )
  t.match((await owner.get(wanted)).location, confirm)
  stranger.cookies.set('latchkey_sign_in', proof)
  t.equal((await enterAppCode(stranger, phone.nextCode())).location, '/login')
  t.equal(await isSignedIn(stranger), false)
  const api = await stranger.send('/api/login/authenticator', {
    method: 'POST',
    body: JSON.stringify({ code: phone.code() }),
    headers: { 'content-type': 'application/json', cookie: `latchkey_sign_in=${proof}` },
  })
  t.equal(api.status, 401)

  owner.cookies.set('latchkey_proof', proof)
  stranger.cookies.set('latchkey_sign_in', signIn)
  t.equal((await giveCode(owner, phone.code())).location, wanted, 'neither was used up')
  t.equal((await enterAppCode(stranger, phone.nextCode())).status, 303)
})

t.test('a proof under way belongs to its session', async (t) => {
  const { service, owner, phone } = await startWithApp(t)
  const other = service.browser()
  await enterPasswordForApp(other)
  await enterAppCode(other, phone.nextCode())
  await givePassword(owner)
  other.cookies.set('latchkey_proof', owner.cookies.get('latchkey_proof') ?? '')
  const elsewhere = await giveCode(other, phone.nextCode())
  t.match(elsewhere.location, `${confirm}?over=yes`, 'another one of the same account has none')
  t.match((await other.get(elsewhere.location ?? '')).body, 'Please begin again')

  const proof = owner.cookies.get('latchkey_proof') ?? ''
  owner.cookies.delete('latchkey_proof')
  t.match(
    (await giveCode(owner, phone.code())).location,
    `${confirm}?over=yes`,
    'without its cookie there is none',
  )
  owner.cookies.set('latchkey_proof', proof)
  await owner.post('/logout')
  t.equal((await service.database.query('select from pending_sign_ins')).rowCount, 0, 'it ends with it')
  t.match((await giveCode(owner, phone.code())).location, '/login?redirectUrl=%2Fprofile%2Fconfirm')
})

t.test('somebody else who is signed in meanwhile has to prove who they are', async (t) => {
  const { owner, phone } = await startWithApp(t)
  await givePassword(owner)
  const proof = owner.cookies.get('latchkey_proof') ?? ''
  await owner.post('/register', { username: 'Bert', password, confirmPassword: password })
  await savePasskey(owner)
  owner.cookies.set('latchkey_proof', proof)
  const page = await giveCode(owner, phone.nextCode())
  t.match(page.location, `${confirm}?over=yes`)
  t.match((await owner.get(page.location ?? '')).body, 'value="Bert"')
  t.match((await owner.get(wanted)).body, 'name="currentPassword"')
})

t.test('a stale page of somebody else takes no code', async (t) => {
  const { service, owner, phone } = await startWithApp(t)
  await givePassword(owner)
  const stale = await owner.post(`${stepPage}${query}`, { username: 'Eve', code: phone.nextCode() })
  t.equal(stale.location, `${stepPage}${query}`)
  t.equal((await giveCode(owner, phone.code())).location, wanted, 'it was not used up')
  t.equal((await service.database.query('select from failed_attempts')).rowCount, 0)
})

for (const [what, change, location] of [
  ['the password is changed', 'update accounts set password_version = password_version + 1', confirm],
  // Which leaves the password that was given to set it up.
  ['the app is removed', 'delete from authenticator_apps', wanted],
  ['the session is over', 'delete from sessions', '/login'],
  ['the account is removed', 'delete from accounts', '/login'],
] as const)
  t.test(`when ${what} between the password and the code nothing is proved`, async (t) => {
    const { service, owner, phone } = await startWithApp(t, { SESSION_CACHE_SIZE: '0' })
    await givePassword(owner)
    await service.database.query(change)
    t.match((await giveCode(owner, phone.nextCode())).location, location)
    t.equal((await service.database.query('select from password_proofs where is_full')).rowCount, 0)
  })

t.test('it takes its time, and no more', async (t) => {
  const { service, owner, phone } = await startWithApp(t)
  await givePassword(owner)
  phone.passSeconds(1801)
  t.match((await giveCode(owner, phone.code())).location, `${confirm}?over=yes`)
  t.equal((await service.database.query('select from password_proofs where is_full')).rowCount, 0)
})

t.test('wrong codes count as at sign-in, and no right password takes them back', async (t) => {
  const { owner, phone } = await startWithApp(t)
  const wrong = () => giveCode(owner, otherThan(phone.nextCode()))
  await givePassword(owner)
  for (let failures = 1; failures < 5; failures++) {
    const page = await wrong()
    t.equal(page.status, 401)
    t.match(page.body, `Attempt ${failures} of 20.`)
    t.equal((await givePassword(owner)).status, 303)
    const api = await owner.send('/api/user/regenerate-key', {
      method: 'POST',
      body: JSON.stringify({ password }),
      headers: { 'content-type': 'application/json' },
    })
    t.equal(api.status, 409, 'nor does a program')
  }
  t.equal((await wrong()).status, 429)
  t.equal((await giveCode(owner, phone.nextCode())).status, 429, 'not even the right one helps now')
  t.equal((await givePassword(owner)).status, 429)
  t.match((await owner.get(wanted)).location, confirm)
  phone.passSeconds(901)
  await givePassword(owner)
  t.equal((await giveCode(owner, phone.nextCode())).location, wanted)
})

t.test('of 16 uses at once one proves it, and nobody is signed out', async (t) => {
  const { service, owner, phone } = await startWithApp(t)
  await givePassword(owner)
  const code = phone.nextCode()
  const pages = await Promise.all(Array.from({ length: 16 }, () => giveCode(owner, code)))
  const tokens = pages.filter(({ headers }) =>
    headers.getSetCookie().some((line) => line.startsWith(`${session}=`)),
  )
  t.equal(tokens.length, 1)
  t.equal((await service.database.query('select from password_proofs where is_full')).rowCount, 1)
  t.equal((await owner.get(wanted)).status, 200)
})

t.test('two tabs prove it one after the other, and each goes where it was going', async (t) => {
  const { owner, phone } = await startWithApp(t)
  const other = `?redirectUrl=${encodeURIComponent('/profile/password')}`
  await givePassword(owner)
  await owner.post(`${confirm}${other}`, { currentPassword: password })
  t.equal((await owner.get(`${stepPage}${query}`)).status, 200, 'the newer one counts in both')
  t.equal((await giveCode(owner, phone.nextCode())).location, wanted)
  const late = await owner.post(`${stepPage}${other}`, { username: 'Ada', code: phone.nextCode() })
  t.equal(late.location, '/profile/password')
})

t.test('a proof lasts ten minutes also where the password is asked for each time', async (t) => {
  const { service, owner, phone } = await startWithApp(t, { SUDO_VALIDITY_SECONDS: '0' })
  t.equal((await proveByApp(owner, phone.nextCode(), query)).location, wanted)
  service.passSeconds(500)
  t.equal((await owner.get(wanted)).status, 200)
  service.passSeconds(101)
  t.equal((await owner.get(wanted)).location, `${confirm}${query}`)
})

t.test(
  'a password that was given before a second step was turned on is not enough from then on',
  async (t) => {
    const { service, owner } = await startWithCodes(t, { EMAIL_OTP: 'off' })
    const intruder = service.browser()
    await intruder.post('/login', { username: 'Ada', password })
    await intruder.post(`${confirm}${query}`, { currentPassword: password })
    t.equal((await intruder.get(wanted)).status, 200)
    const { phone } = await setUpApp(owner, [service])
    t.equal((await intruder.get(wanted)).location, `${confirm}${query}`)
    t.match((await intruder.post('/profile/authenticator/off')).location, confirm)
    t.equal((await owner.get(wanted)).location, `${confirm}${query}`)
    await proveByApp(owner, phone.nextCode())
    t.equal((await owner.get(wanted)).status, 200)
  },
)

t.test('an app on the same domain, which sees the cookie of the session, cannot use the proof', async (t) => {
  const { service, owner, phone } = await startWithApp(t)
  await proveByApp(owner, phone.nextCode())
  const thief = service.browser()
  thief.cookies.set(session, owner.cookies.get(session) ?? '')
  t.equal((await thief.get(wanted)).location, `${confirm}${query}`)
  t.equal((await owner.get(wanted)).status, 200)
})

t.test('the code is turned off by who proves it, and asked for no more', async (t) => {
  const { owner, mailbox } = await startWithCodeOn(t)
  await proveByCode({ mailbox }, owner)
  t.equal((await owner.post('/profile/sign-in-code/off')).location, '/profile?notice=signInCodeOff')
  t.equal((await owner.get(wanted)).status, 200)
})
