import t from 'tap'
import { afterQuery } from '../database/after-query.js'
import { begin, prove, reset } from '../flows/recovery-scene.js'
import { savePasskey } from '../flows/save-passkey.js'
import { SoftwareAuthenticator } from './software-authenticator.js'
import {
  addPasskey,
  givePassword,
  isSignedIn,
  noticeOf,
  origin,
  password,
  signInWith,
  startService,
} from './webauthn-scene.js'

for (const [moment, query] of [
  ['was read', 'find webauthn credential'],
  ['has signed', 'note use of webauthn credential'],
] as const)
  t.test(`no sign-in outlives a reset of the password right after the passkey ${moment}`, async (t) => {
    const service = await startService(t)
    const thief = service.browser()
    await thief.post('/register', { username: 'Ada', password, confirmPassword: password })
    const recoveryPasskey = await savePasskey(thief)
    await givePassword(thief)
    const authenticator = new SoftwareAuthenticator(origin)
    await addPasskey(thief, authenticator)

    const owner = service.browser()
    await begin(owner)
    await prove(owner, 'passkey', recoveryPasskey)
    afterQuery(service.database, query, async () => {
      t.equal((await reset(owner, 'staple battery horse')).location, '/login')
    })
    const browser = service.browser()
    const page = await signInWith(browser, authenticator)
    t.equal(page.status, 401)
    const isRead = moment === 'was read'
    t.equal(noticeOf(page), isRead ? 'This passkey is not known here' : 'Please sign in again')
    t.equal(await isSignedIn(browser), false)
  })
