import t from 'tap'
import { savePasskey } from '../flows/save-passkey.js'
import { openMailbox } from '../mail/mailbox.js'
import { arriveAs, startWithProvider } from '../openid-sign-in/openid-scene.js'
import { SoftwareAuthenticator, type Whims } from './software-authenticator.js'
import {
  addPasskey,
  askToCreate,
  givePassword,
  isSignedIn,
  noticeOf,
  origin,
  password,
  register,
  signInWith,
  startService,
  startWithPasskey,
  type WebauthnScene,
} from './webauthn-scene.js'

const list = '/profile/passkeys'
const chromeOnLinux =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

async function pathsOf({ owner }: Pick<WebauthnScene, 'owner'>): Promise<string[]> {
  const { body } = await owner.get(list)
  return [...body.matchAll(/href="(\/profile\/passkeys\/[\da-f-]{36})"/g)].map(([, path]) => path ?? '')
}

t.test('an account has several passkeys, each with a name, and each signs in', async (t) => {
  const scene = await startWithPasskey(t)
  const { service, owner, authenticator } = scene
  const key = new SoftwareAuthenticator(origin)
  const added = await owner.post('/profile/passkeys/add', key.create(await askToCreate(owner)), {
    'user-agent': chromeOnLinux,
  })
  const page = await owner.get(added.location ?? '')
  t.match(page.body, 'Your passkey works from now on')
  t.match(page.body, 'value="Chrome on Linux"', 'a name is suggested')
  const named = await owner.post((added.location ?? '').replace(/\?.*/, ''), { name: '  My   key ' })
  t.equal(named.location, `${list}?done=renamed`)
  t.match((await owner.get(list)).body, '<strong>My key</strong>')
  t.equal((await pathsOf(scene)).length, 2)
  for (const each of [authenticator, key]) t.equal((await signInWith(service.browser(), each)).status, 303)
  t.match((await owner.get('/profile')).body, /Passkeys<\/strong>[^]*?<span class="tag good">2</)
})

t.test('what a browser is asked to make: for this site, of this account, once on each device', async (t) => {
  const { service, owner, authenticator } = await startWithPasskey(t)
  const options = await askToCreate(owner)
  t.match(options, {
    rp: { id: 'login.example.com', name: 'Latchkey' },
    user: { name: 'Ada', displayName: 'Ada' },
    excludeCredentials: [
      { id: authenticator.keys[0]?.id, type: 'public-key', transports: ['hybrid', 'internal'] },
    ],
    authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
    attestation: 'none',
  })
  t.equal(Buffer.from(options.user.id, 'base64url').length, 64)
  t.equal((await askToCreate(owner)).user.id, options.user.id, 'it stays the same')
  const bert = await askToCreate(await register(service, 'Bert'))
  t.not(bert.user.id, options.user.id)
})

t.test('the password comes first, and is asked for once in ten minutes', async (t) => {
  const service = await startService(t, { SUDO_VALIDITY_SECONDS: '0' })
  const owner = await register(service, 'Ada')
  const authenticator = new SoftwareAuthenticator(origin)
  t.match(
    (await addPasskey(owner, authenticator)).location,
    'done=added',
    'also where it is asked for each time',
  )
  const options = await askToCreate(owner)
  service.passSeconds(600)
  const late = await owner.post('/profile/passkeys/add', authenticator.create(options))
  t.equal(late.location, '/profile/confirm?redirectUrl=%2Fprofile%2Fpasskeys%2Fadd')
  t.equal((await owner.get('/profile/passkeys/add')).location, late.location)
  t.match((await owner.get(late.location ?? '')).body, 'name="currentPassword"')
  const wrong = await givePassword(owner, 'wrong')
  t.equal(wrong.status, 401)
  t.equal(noticeOf(wrong), 'This password is not right')
  t.equal((await service.database.query('select from webauthn_credentials')).rowCount, 1)
  t.equal((await service.browser().get('/profile/passkeys/add')).location?.slice(0, 6), '/login')
  const one = `${list}/00000000-0000-0000-0000-000000000000`
  const login = `/login?redirectUrl=${encodeURIComponent(one)}`
  t.equal((await service.browser().get(one)).location, login, 'and leads back to that passkey')
  t.equal((await service.browser().post(`${one}/remove`)).location, login)
})

t.test('anything wrong in what an authenticator tells of a new passkey is refused', async (t) => {
  const { service, owner } = await startWithPasskey(t)
  const cases: [words: string, whims: Whims][] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'example.com' }],
    ['the answer to another ceremony', { type: 'webauthn.get' }],
    ['nobody there', { isUserPresent: false }],
    ['a frame of another site', { further: { crossOrigin: true } }],
  ]
  for (const [words, whims] of cases) {
    const page = await addPasskey(owner, new SoftwareAuthenticator(origin), whims)
    t.equal(page.status, 400, words)
    t.equal(noticeOf(page), 'This passkey was not accepted', words)
    t.match(page.body, 'data-options', 'and may be tried again')
  }
  const made = new SoftwareAuthenticator(origin).create(await askToCreate(owner))
  for (const fields of [
    {},
    { ...made, attestationObject: 'AAAA' },
    { ...made, id: 'AAAA' },
    { ...made, clientDataJSON: 'e30' },
  ])
    t.equal((await owner.post('/profile/passkeys/add', fields)).status, 400)
  t.equal((await service.database.query('select from webauthn_credentials')).rowCount, 1)
})

t.test('a challenge makes one passkey, in the session that it was issued to', async (t) => {
  const { service, owner } = await startWithPasskey(t)
  const bert = await register(service, 'Bert')
  const over = 'Please try once more'
  const make = (options: Awaited<ReturnType<typeof askToCreate>>) =>
    new SoftwareAuthenticator(origin).create(options)
  const options = await askToCreate(owner)
  t.equal(noticeOf(await bert.post('/profile/passkeys/add', make(options))), over, "somebody else's")
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => owner.post('/profile/passkeys/add', make(options))),
  )
  t.equal(answers.filter(({ status }) => status === 303).length, 1)
  t.equal(answers.filter((page) => noticeOf(page) === over).length, 7)

  const { challenge } = await askToCreate(owner)
  const answer = new SoftwareAuthenticator(origin)
  answer.create(options)
  const crossed = answer.get({ challenge, rpId: 'login.example.com', allowCredentials: [] })
  t.equal(noticeOf(await owner.post('/login/webauthn', crossed)), over, 'it signs nobody in')
})

t.test('no passkey belongs to two accounts', async (t) => {
  const { service, owner, authenticator } = await startWithPasskey(t)
  const bert = await register(service, 'Bert')
  const made = new SoftwareAuthenticator(origin)
  const first = made.create(await askToCreate(owner))
  await owner.post('/profile/passkeys/add', first)
  const { challenge } = await askToCreate(bert)
  const clientDataJSON = Buffer.from(JSON.stringify({ type: 'webauthn.create', challenge, origin })).toString(
    'base64url',
  )
  const stolen = await bert.post('/profile/passkeys/add', { ...first, clientDataJSON })
  t.equal(stolen.status, 409)
  t.equal(noticeOf(stolen), 'This passkey is known already')
  const browser = service.browser()
  await signInWith(browser, authenticator)
  t.match((await browser.get('/api/session')).body, '"username":"Ada"')
})

t.test('certificates of the maker are neither looked at nor looked up', async (t) => {
  const service = await startService(t)
  const owner = await register(service, 'Ada')
  const authenticator = new SoftwareAuthenticator(origin)
  const statement = new Map([['sig', Buffer.from('nonsense')]])
  const page = await addPasskey(owner, authenticator, { format: 'packed', statement })
  t.match(page.location, 'done=added')
  t.equal((await signInWith(service.browser(), authenticator)).status, 303)
})

t.test('an account has twenty at most, also when they come at once', async (t) => {
  const { service, owner } = await startWithPasskey(t)
  await service.database.query(`
    insert into webauthn_credentials (credential_id, account_id, public_key, sign_count, transports, name, is_backed_up, created_at)
    select convert_to('key ' || number, 'UTF8'), account_id, public_key, 0, '{}', 'Key', false, now()
    from webauthn_credentials, generate_series(1, 18) as number`)
  const asked = await Promise.all(Array.from({ length: 4 }, () => askToCreate(owner)))
  const answers = await Promise.all(
    asked.map((options) =>
      owner.post('/profile/passkeys/add', new SoftwareAuthenticator(origin).create(options)),
    ),
  )
  t.strictSame(answers.map(({ status }) => status).toSorted(), [303, 409, 409, 409])
  t.match((await owner.get(list)).body, 'has 20 at most')
})

t.test('a removed passkey signs nobody in, and nobody removes those of others', async (t) => {
  const scene = await startWithPasskey(t)
  const { service, owner, authenticator } = scene
  const [path = ''] = await pathsOf(scene)
  const bert = await register(service, 'Bert')
  for (const [to, form] of [
    [`${path}/remove`, {}],
    [path, { name: 'Mine' }],
  ] as const)
    t.equal((await bert.post(to, form)).location, list)
  t.equal((await bert.get(path)).location, list)
  t.equal((await owner.get(`${list}/nonsense`)).location, list)
  t.equal((await signInWith(service.browser(), authenticator)).status, 303)

  service.passSeconds(600)
  t.equal((await owner.post(path, { name: 'Swapped' })).status, 400, 'nor does a session alone rename it')
  const refused = await owner.post(path, { name: 'Swapped', currentPassword: 'wrong' })
  t.equal(refused.status, 401)
  t.match(refused.body, 'value="Swapped"', 'what was typed stays')
  t.notMatch((await owner.get(list)).body, 'Swapped')
  t.equal((await owner.post(`${path}/remove`)).status, 400)
  t.equal((await owner.post(`${path}/remove`, { currentPassword: 'wrong' })).status, 401)
  t.equal((await pathsOf(scene)).length, 1)
  const page = await owner.post(`${path}/remove`, { currentPassword: password })
  t.equal(page.location, `${list}?done=removed`)
  const after = await owner.get(page.location ?? '')
  t.match(after.body, 'That passkey no longer signs anybody in')
  t.match(after.body, '<a href="/profile/sessions">sign out all other browsers</a>')
  t.notMatch((await owner.get(list)).body, 'sign out all other browsers', 'which is offered right then')
  const browser = service.browser()
  t.equal(noticeOf(await signInWith(browser, authenticator)), 'This passkey is not known here')
  t.notOk(await isSignedIn(browser))
  t.equal((await owner.post(`${path}/remove`)).location, list, 'twice is no error')
})

t.test('a name that cannot be taken is told, and what was typed stays', async (t) => {
  const scene = await startWithPasskey(t)
  const [path = ''] = await pathsOf(scene)
  for (const [name, words] of [
    ['', 'Enter a name'],
    ['x'.repeat(65), 'at most 64 characters'],
    ['a\u202Eb', 'cannot be shown'],
  ] as const) {
    const page = await scene.owner.post(path, { name })
    t.equal(page.status, 400)
    t.match(page.body, words)
    t.ok(page.body.includes(`value="${name}"`))
  }
  const page = await scene.owner.post(path, { name: '<b>"&' })
  t.match((await scene.owner.get(page.location ?? '')).body, '&lt;b&gt;&quot;&amp;')
})

t.test('the owner is told of each, in the list of events and by letter', async (t) => {
  const mailbox = await openMailbox(t)
  const service = await startService(t, { SMTP_URL: mailbox.url })
  const owner = await register(service, 'Ada', 'ada@example.com')
  await service.database.query('update accounts set email_confirmed_at = now()')
  await addPasskey(owner, new SoftwareAuthenticator(origin))
  const added = await mailbox.letterTo('ada@example.com')
  t.equal(added.headers.get('subject'), 'A passkey was added at Latchkey')
  t.match(added.text.replaceAll('\n', ' '), 'remove that passkey in your profile, and change your password')
  const [path = ''] = await pathsOf({ owner })
  await owner.post(`${path}/remove`)
  const removed = await mailbox.letterTo('ada@example.com')
  t.equal(removed.headers.get('subject'), 'A passkey was removed at Latchkey')
  t.match(removed.text.replaceAll('\n', ' '), 'change your password, which signs out all other browsers')
  const { body } = await owner.get('/profile/events')
  t.match(body, 'A passkey was added, which signs in without the password')
  t.match(body, 'A passkey was removed')
})

t.test('a new password leaves passkeys as they are, and says to look at them', async (t) => {
  const { service, owner, authenticator } = await startWithPasskey(t)
  const fresh = 'another horse battery'
  const page = await owner.post('/profile/password', { password: fresh, confirmPassword: fresh })
  t.match(
    (await owner.get(page.location ?? '')).body,
    'look at your e-mail address, passkeys, security questions',
  )
  t.equal((await signInWith(service.browser(), authenticator)).status, 303)
})

t.test('a password that is reset shuts out whoever had added a passkey', async (t) => {
  const service = await startService(t)
  const browser = service.browser()
  await browser.post('/register', { username: 'Ada', password, confirmPassword: password })
  const passkey = await savePasskey(browser)
  await givePassword(browser)
  const authenticator = new SoftwareAuthenticator(origin)
  await addPasskey(browser, authenticator)
  const elsewhere = service.browser()
  await elsewhere.post('/recover', { username: 'Ada' })
  await elsewhere.post('/recover/passkey', { proof: passkey })
  const fresh = 'another horse battery'
  const page = await elsewhere.post('/recover/reset', { password: fresh, confirmPassword: fresh })
  t.equal(page.status, 303)
  t.equal((await signInWith(elsewhere, authenticator)).status, 401)
})

t.test(
  'who has no password shows otherwise that it is them, before anything is made or removed',
  async (t) => {
    const scene = await startWithProvider(t)
    const browser = await arriveAs(scene, 'Ada')
    await savePasskey(browser)
    for (const path of ['/profile/passkeys/add', '/profile/passkeys/00000000-0000-0000-0000-000000000000'])
      t.match((await browser.get(path)).location, /^\/profile\/confirm\?redirectUrl=%2Fprofile%2Fpasskeys/)
    t.equal((await browser.get(list)).status, 200)
  },
)
