import t from 'tap'
import { codesIn, enterAppCode, setUpApp } from '../flows/authenticator-scene.js'
import { savePasskey } from '../flows/save-passkey.js'
import { openMailbox } from '../mail/mailbox.js'
import { SoftwareAuthenticator } from '../webauthn/software-authenticator.js'
import {
  addPasskey,
  givePassword,
  noticeOf,
  origin,
  password,
  proveByPasskey,
  register,
  startService,
  startWithPasskey,
} from '../webauthn/webauthn-scene.js'
import { enterPassword, showPasskey, startWithStep, stepPath, switchPath } from './step-scene.js'

const list = '/profile/passkeys'
const hasCredential = async ({ database }: Awaited<ReturnType<typeof startService>>) =>
  (await database.query('select from webauthn_credentials')).rowCount === 1
const countCodes = async ({ database }: Awaited<ReturnType<typeof startService>>) =>
  (await database.query('select from recovery_codes')).rowCount

t.test(
  'it is turned on with the password, where there is a passkey, and brings recovery codes',
  async (t) => {
    const mailbox = await openMailbox(t)
    const service = await startService(t, { SMTP_URL: mailbox.url })
    const owner = await register(service, 'Ada', 'ada@example.com')
    await service.database.query('update accounts set email_confirmed_at = now()')
    t.notMatch((await owner.get(list)).body, switchPath)
    t.match((await owner.get(switchPath)).body, 'Add a passkey')
    const none = await owner.post(`${switchPath}/on`)
    t.equal(none.status, 409)
    t.equal(noticeOf(none), 'You have no passkey yet')
    const authenticator = new SoftwareAuthenticator(origin)
    await addPasskey(owner, authenticator)
    await mailbox.letterTo('ada@example.com')

    t.match((await owner.get(list)).body, `<a href="${switchPath}">Ask for a passkey after my password`)
    service.passSeconds(600)
    t.equal((await owner.post(`${switchPath}/on`)).status, 400)
    t.equal((await owner.post(`${switchPath}/on`, { currentPassword: 'wrong' })).status, 401)
    t.equal((await enterPassword(service.browser())).location, '/dashboard')
    const page = await owner.post(`${switchPath}/on`, { currentPassword: password })
    t.equal(codesIn(page).length, 10)
    t.match(page.body, 'A passkey is asked for after your password from now on.')
    t.equal(
      (await mailbox.letterTo('ada@example.com')).headers.get('subject'),
      'A passkey is asked for when you sign in at Latchkey',
    )
    t.equal((await enterPassword(service.browser())).location, stepPath)
    t.match(
      (await owner.get(switchPath)).location,
      '/profile/confirm',
      'from now on it is asked for here, too',
    )
    await proveByPasskey(owner, authenticator)
    t.match((await owner.get(switchPath)).body, '<strong>10 recovery codes</strong> left')
    t.match((await owner.get(list)).body, 'One of them is asked for after your password.')
    t.match((await owner.get('/profile')).body, 'After the password one is asked for.')
    t.equal((await owner.post(`${switchPath}/on`)).location, `${list}?done=stepOn`, 'twice is no error')

    const renewed = codesIn(await owner.post(`${switchPath}/recovery-codes`))
    t.equal(renewed.length, 10)
    t.notSame(renewed, codesIn(page))
    t.match((await mailbox.letterTo('ada@example.com')).text, 'new recovery codes were made')

    t.equal((await owner.post(`${switchPath}/off`)).location, `${list}?done=stepOff`)
    t.match((await mailbox.letterTo('ada@example.com')).text, 'no longer asks for a passkey')
    t.equal(await countCodes(service), 0)
    t.equal((await enterPassword(service.browser())).location, '/dashboard')
    t.equal((await owner.post(`${switchPath}/off`)).location, switchPath)
    t.equal((await owner.post(`${switchPath}/recovery-codes`)).location, switchPath)
    const { body } = await owner.get('/profile/events')
    t.match(body, 'A passkey is asked for after the password from now on')
    t.match(body, 'A passkey is no longer asked for after the password')
  },
)

t.test('removing the last passkey turns it off, and says so beforehand', async (t) => {
  const { service, owner, authenticator } = await startWithStep(t)
  await proveByPasskey(owner, authenticator)
  await addPasskey(owner, new SoftwareAuthenticator(origin))
  const { body } = await owner.get(list)
  const [first = '', last = ''] = [...body.matchAll(/href="(\/profile\/passkeys\/[\da-f-]{36})"/g)].map(
    ([, path]) => path ?? '',
  )
  const warning = 'It is your last one'
  t.notMatch((await owner.get(first)).body, warning)
  t.equal((await owner.post(`${first}/remove`)).location, `${list}?done=removed`)
  t.equal((await enterPassword(service.browser())).location, stepPath)
  t.match((await owner.get(last)).body, warning)
  const page = await owner.post(`${last}/remove`)
  t.equal(page.location, `${list}?done=lastRemoved`)
  t.match((await owner.get(page.location ?? '')).body, 'none is asked for after your password')
  t.equal(await countCodes(service), 0)
  t.equal((await enterPassword(service.browser())).location, '/dashboard')
  t.match((await owner.get('/profile/events')).body, 'A passkey is no longer asked for after the password')
  await addPasskey(owner, new SoftwareAuthenticator(origin))
  t.equal((await enterPassword(service.browser())).location, '/dashboard', 'it stays off')
})

t.test('it is never on without a passkey, whatever happens at once', async (t) => {
  const { service, owner, authenticator } = await startWithPasskey(t)
  const [, path = ''] = /href="(\/profile\/passkeys\/[\da-f-]{36})"/.exec((await owner.get(list)).body) ?? []
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([
      owner.post(`${switchPath}/on`),
      owner.post(`${path}/remove`),
      owner.post(`${switchPath}/on`),
    ])
    const { rowCount } = await service.database.query(
      'select from webauthn_steps where not exists (select from webauthn_credentials)',
    )
    t.equal(rowCount, 0)
    if (await hasCredential(service)) await proveByPasskey(owner, authenticator)
    await owner.post(`${switchPath}/off`)
    if (!(await hasCredential(service))) await addPasskey(owner, authenticator)
  }
})

t.test(
  'beside an authenticator app a passkey can be shown instead, and both have the same recovery codes',
  async (t) => {
    const { service, owner, authenticator } = await startWithPasskey(t)
    const { phone, recoveryCodes } = await setUpApp(owner, [service])
    t.equal(recoveryCodes.length, 10)
    await proveByPasskey(owner, authenticator)
    const browser = service.browser()
    t.equal((await enterPassword(browser)).location, '/login/authenticator')
    t.match((await browser.get('/login/authenticator')).body, `href="${stepPath}">Use a passkey`)
    t.equal((await showPasskey(browser, authenticator)).location, '/dashboard')
    t.notMatch((await owner.get('/profile')).body, 'After the password one is asked for.')

    t.equal((await owner.post(`${switchPath}/on`)).location, `${list}?done=stepOn`, 'there are codes already')
    t.equal(await countCodes(service), 10)
    const both = service.browser()
    t.equal((await enterPassword(both)).location, stepPath, 'what nobody can be talked out of comes first')
    t.match((await both.get(stepPath)).body, 'Use your authenticator app')
    t.equal((await enterAppCode(both, phone.nextCode())).status, 303)

    await owner.post('/profile/authenticator/off', { currentPassword: password })
    t.equal(await countCodes(service), 10, 'they stand in for passkeys still')
    await setUpApp(owner, [service])
    await owner.post(`${switchPath}/off`)
    t.equal(await countCodes(service), 10, 'they stand in for the app still')
    await owner.post('/profile/authenticator/off')
    t.equal(await countCodes(service), 0)
  },
)

t.test('a password that is reset turns it off, since the passkeys are gone', async (t) => {
  const service = await startService(t)
  const owner = service.browser()
  await owner.post('/register', { username: 'Ada', password, confirmPassword: password })
  const passkey = await savePasskey(owner)
  await givePassword(owner)
  await addPasskey(owner, new SoftwareAuthenticator(origin))
  await owner.post(`${switchPath}/on`)
  const browser = service.browser()
  await browser.post('/recover', { username: 'Ada' })
  await browser.post('/recover/passkey', { proof: passkey })
  const fresh = 'another horse battery'
  await browser.post('/recover/reset', { password: fresh, confirmPassword: fresh })
  t.equal((await browser.post('/login', { username: 'Ada', password: fresh })).location, '/dashboard')
  t.equal(await countCodes(service), 0)
})
