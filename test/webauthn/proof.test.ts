import t from 'tap'
import { startTestService } from '../flows/test-service.js'
import { SoftwareAuthenticator } from './software-authenticator.js'
import {
  addPasskey,
  askToProve,
  askToSignIn,
  noticeOf,
  origin,
  password,
  proveByPasskey,
  register,
  startWithPasskey,
  type WebauthnScene,
} from './webauthn-scene.js'

const wanted = '/profile/delete'
const query = `?redirectUrl=${encodeURIComponent(wanted)}`
const confirm = '/profile/confirm'
const proof = `${confirm}/passkey`
const over = 'Please try once more'

/** The proof by which the passkey was added is over. */
async function startLater(...args: Parameters<typeof startWithPasskey>): Promise<WebauthnScene> {
  const scene = await startWithPasskey(...args)
  scene.service.passSeconds(601)
  return scene
}

t.test('a passkey proves who somebody is, beside the password', async (t) => {
  const { service, owner, authenticator } = await startLater(t)
  const thief = service.browser()
  for (const [name, value] of owner.cookies) if (name.includes('session')) thief.cookies.set(name, value)
  t.equal((await owner.get(wanted)).location, `${confirm}${query}`, 'there is a choice')
  const { body } = await owner.get(`${confirm}${query}`)
  t.match(body, 'name="currentPassword"')
  t.match(body, `href="${proof}${query}">Use a passkey`)
  t.match(await askToProve(owner, query), {
    allowCredentials: [{ id: authenticator.keys[0]?.id }],
    userVerification: 'required',
  })
  t.equal((await thief.get('/dashboard')).status, 200)
  t.equal((await proveByPasskey(owner, authenticator, {}, query)).location, wanted)
  t.match((await thief.get('/dashboard')).location, /^\/login/, 'the session has another token')
  const form = await owner.get(wanted)
  t.equal(form.status, 200)
  t.notMatch(form.body, 'currentPassword')
  service.passSeconds(601)
  t.equal((await owner.get(wanted)).location, `${confirm}${query}`, 'ten minutes later it is over')
  const given = await owner.post(`${confirm}${query}`, { currentPassword: password })
  t.equal(given.location, wanted, 'the password goes on to do')
  service.passSeconds(601)
  const sent = await owner.post('/profile/passkeys/second-step/on', { currentPassword: password })
  t.equal(sent.status, 200, 'also in the form itself')
  service.passSeconds(601)
  t.equal((await proveByPasskey(owner, authenticator, {}, query)).location, wanted)
  t.equal((await owner.get(wanted)).status, 200, 'it is enough where a second step is due, too')
})

t.test(
  'what is not a passkey of this account, for this session and by its owner, proves nothing',
  async (t) => {
    const { service, owner, authenticator } = await startLater(t)
    const bert = new SoftwareAuthenticator(origin)
    const another = await register(service, 'Bert')
    await addPasskey(another, bert)
    const refuses = async (words: string, heading: string, fields: Record<string, string>, status = 401) => {
      const page = await owner.post(`${proof}${query}`, fields)
      t.equal(page.status, status, words)
      t.equal(noticeOf(page), heading, words)
      t.equal((await owner.get(wanted)).location, `${confirm}${query}`, words)
    }
    const touch = authenticator.get(await askToProve(owner), { isUserVerified: false })
    await refuses('a touch', 'A touch is not enough here', touch)
    for (const whims of [
      { origin: 'https://evil.example' },
      { isUserPresent: false },
      { rpId: 'example.com' },
    ])
      await refuses(
        JSON.stringify(whims),
        'This passkey was not accepted',
        authenticator.get(await askToProve(owner), whims),
      )
    const ofBert = bert.get(await askToProve(owner))
    await refuses('of another account', 'This is no passkey of this account', ofBert)
    await refuses('of another account, unsaid', 'This is no passkey of this account', {
      ...ofBert,
      userHandle: '',
    })
    const signingIn = service.browser()
    const toSignIn = authenticator.get(await askToSignIn(signingIn))
    for (const [name, value] of signingIn.cookies) owner.cookies.set(name, value)
    await refuses('to sign in', over, toSignIn)
    await refuses('of another session', over, authenticator.get(await askToProve(another)))
    await refuses('nothing', 'This passkey was not accepted', {}, 400)
    const forProof = authenticator.get(await askToProve(owner))
    t.equal(noticeOf(await signingIn.post('/login/webauthn', forProof)), over, 'nor does it sign in')

    const right = authenticator.get(await askToProve(owner))
    t.equal((await owner.post(`${proof}${query}`, right)).location, wanted)
    service.passSeconds(599)
    t.equal(noticeOf(await owner.post(`${proof}${query}`, right)), over, 'it counts once')
    service.passSeconds(2)
    const late = authenticator.get(await askToProve(owner))
    service.passSeconds(600)
    await refuses('ten minutes late', over, late)
    const removed = authenticator.get(await askToProve(owner))
    await service.database.query('delete from webauthn_credentials')
    t.equal(noticeOf(await owner.post(proof, removed)), 'This is no passkey of this account')
    t.match((await owner.get(wanted)).body, 'currentPassword', 'the password is all that is left')
    t.notMatch((await owner.get(`${confirm}${query}`)).body, 'Use a passkey')
  },
)

t.test('of sixteen parallel uses of one answer, at two nodes, one proves it', async (t) => {
  const { service, owner, authenticator } = await startLater(t)
  const second = await startTestService(t, { PUBLIC_URL: origin }, service)
  second.passSeconds(601)
  const answer = authenticator.get(await askToProve(owner), { signCount: 0 })
  const answers = await Promise.all(
    Array.from({ length: 16 }, async (_, number) => {
      const browser = (number % 2 === 0 ? service : second).browser()
      for (const [name, value] of owner.cookies) browser.cookies.set(name, value)
      return browser.post(`${proof}${query}`, answer)
    }),
  )
  t.equal(answers.filter(({ location }) => location === wanted).length, 1)
})

t.test('it lasts ten minutes also where passwords are asked for each time', async (t) => {
  const { owner, authenticator } = await startLater(t, { SUDO_VALIDITY_SECONDS: '0' })
  t.equal((await owner.get(wanted)).location, `${confirm}${query}`)
  t.equal((await owner.post(`${confirm}${query}`, { currentPassword: password })).location, wanted)
  t.match((await owner.get(wanted)).body, 'currentPassword', 'and round in circles goes nobody')
  t.equal((await proveByPasskey(owner, authenticator, {}, query)).location, wanted)
  t.notMatch((await owner.get(wanted)).body, 'currentPassword')
})

t.test('who has no password proves it by a passkey', async (t) => {
  const { service, owner, authenticator } = await startLater(t)
  await service.database.query('update accounts set has_password = false')
  t.equal((await owner.get(wanted)).location, `${confirm}${query}`)
  t.match((await owner.get(`${confirm}${query}`)).body, 'Use a passkey')
  t.equal((await proveByPasskey(owner, authenticator, {}, query)).location, wanted)
  t.equal((await owner.get(wanted)).status, 200)
  t.equal((await service.browser().get(proof)).location?.slice(0, 6), '/login')
})

t.test('it leads back to the very passkey that was to be looked at', async (t) => {
  const { service, owner, authenticator } = await startLater(t)
  const { rows } = await service.database.query<{ id: string }>('select id from webauthn_credentials')
  const path = `/profile/passkeys/${rows[0]?.id}`
  const back = `?redirectUrl=${encodeURIComponent(path)}`
  t.equal((await owner.get(path)).location, `${confirm}${back}`)
  t.equal((await proveByPasskey(owner, authenticator, {}, back)).location, path)
  t.match((await owner.get(path)).body, 'Remove this passkey')
  t.notOk(
    service.logged().some(({ level }) => Number(level) >= 40),
    'and the log has nothing to complain of',
  )
})
