import t from 'tap'
import { SoftwareAuthenticator } from './software-authenticator.js'
import { askToCreate, askToSignIn, origin, startWithPasskey } from './webauthn-scene.js'

const bytes = (count: number) => Buffer.alloc(count).toString('base64url')

t.test('what is longer than any authenticator says is refused before it is taken apart', async (t) => {
  const { service, authenticator } = await startWithPasskey(t)
  const browser = service.browser()
  const right = authenticator.get(await askToSignIn(browser))
  const lengths: [name: string, most: number][] = [
    ['id', 1023],
    ['clientDataJSON', 2048],
    ['authenticatorData', 1024],
    ['signature', 1024],
  ]
  for (const [name, most] of lengths) {
    const page = await browser.post('/login/webauthn', { ...right, [name]: bytes(most + 1) })
    t.equal(page.status, 400, `${name} of ${most + 1} bytes`)
  }
  for (const [name, most] of lengths.filter(([each]) => each !== 'clientDataJSON')) {
    const page = await browser.post('/login/webauthn', { ...right, [name]: bytes(most) })
    t.equal(page.status, 401, `${name} of ${most} bytes`)
  }
  t.equal((await browser.post('/login/webauthn', right)).status, 303, 'the right one')
})

t.test('a passkey whose id is longer than any may be is not taken, and nothing is used up', async (t) => {
  const { service, owner } = await startWithPasskey(t)
  const authenticator = new SoftwareAuthenticator(origin)
  const options = await askToCreate(owner)
  for (const [idBytes, status] of [
    [1024, 400],
    [12_000, 400],
    [1023, 303],
  ] as const) {
    const page = await owner.post('/profile/passkeys/add', authenticator.create(options, { idBytes }))
    t.equal(page.status, status, `${idBytes} bytes`)
  }
  t.equal((await service.database.query('select from webauthn_credentials')).rowCount, 2)
})

t.test('a statement of the maker may come along, up to 8 kB in all', async (t) => {
  const { owner } = await startWithPasskey(t)
  for (const [length, status] of [
    [8500, 400],
    [7500, 303],
  ] as const) {
    const statement = new Map([['x5c', Buffer.alloc(length)]])
    const made = new SoftwareAuthenticator(origin).create(await askToCreate(owner), { statement })
    t.equal((await owner.post('/profile/passkeys/add', made)).status, status, `${length} bytes`)
  }
})
