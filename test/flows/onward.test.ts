import t from 'tap'
import { readPasskey, savePasskey } from './save-passkey.js'
import { newPassword, password } from './recovery-scene.js'
import { startTestService } from './test-service.js'
import type { Page, TestBrowser } from './test-browser.js'

const inbox = 'https://app.example.com/inbox?unread=1'
const query = `?redirectUrl=${encodeURIComponent(inbox)}`
const ada = { username: 'Ada', password, confirmPassword: password }
const settings = {
  ALLOWED_REDIRECT_ORIGINS: 'https://app.example.com',
  SHOW_RECOVERY_PASSKEY_BEFORE_REDIRECT: 'true',
}

/** The address of a link or form of a page, by what it is called there. */
function addressOf({ body }: Page, name: string): string {
  const link = [...body.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/g)].find(
    ([, , text]) => text === name,
  )
  return (link?.[1] ?? '').replaceAll('&amp;', '&')
}
const formOf = ({ body }: Page) => /<main[^]*?<form method="post" action="([^"]*)"/.exec(body)?.[1] ?? ''
const onward = (page: Page) => addressOf(page, 'Continue to app.example.com')

t.test('from an app over registering, passkey and profile one gets back to it', async (t) => {
  const service = await startTestService(t, settings)
  const browser = service.browser()
  const loginPage = await browser.get(`/login${query}`)
  const registerPage = await browser.get(addressOf(loginPage, 'Create an account'))
  const registered = await browser.post(formOf(registerPage), ada)
  const passkeyPage = await browser.get(registered.location ?? '')
  const { mark } = readPasskey(passkeyPage)
  const saved = await browser.post(formOf(passkeyPage), { mark })
  const savedPage = await browser.get(saved.location ?? '')
  t.equal(onward(savedPage), inbox)
  const namePage = await browser.get(addressOf(savedPage, 'Yes, update my profile'))
  t.equal(onward(namePage), inbox)
  const refused = await browser.post(formOf(namePage), { displayName: 'x'.repeat(65) })
  t.equal(refused.status, 400)
  t.equal(onward(refused), inbox)
  const named = await browser.post(formOf(refused), { displayName: 'Ada Lovelace' })
  const profilePage = await browser.get(named.location ?? '')
  t.match(profilePage.body, 'Your name is saved.')
  t.equal(onward(profilePage), inbox)
  const [, leaveUrl = ''] = /<dialog[^]*?action="([^"]*)"/.exec(profilePage.body) ?? []
  const left = await browser.post(leaveUrl, { page: '/profile' })
  t.equal(onward(await browser.get(left.location ?? '')), inbox, 'also after the tour')
  const back = await browser.get(addressOf(namePage, 'Back to your profile'))
  t.equal(onward(back), inbox, 'also without saving')
  t.equal(onward(await browser.get('/profile')), '', 'and nobody else is offered it')
})

t.test('whoever signs in anew on that way, or has a passkey to save, still gets back', async (t) => {
  const service = await startTestService(t, settings)
  await savePasskey(await registerAda(service.browser()))
  for (const path of ['/profile', '/profile/edit', '/profile/recovery-passkey']) {
    const login = await service.browser().get(`${path}${query}`)
    t.equal(login.location, `/login?redirectUrl=${encodeURIComponent(`${path}${query}`)}`)
  }
  const browser = service.browser()
  await browser.post('/login', ada)
  await service.database.query('update recovery_passkeys set saved_at = null')
  for (const path of ['/profile', '/profile/edit']) {
    const detour = await browser.get(`${path}${query}`)
    t.equal(detour.location, `/recovery-passkey?redirectUrl=${encodeURIComponent(`${path}${query}`)}`)
  }
})

t.test('a passkey that is outdated is replaced on the way to an app', async (t) => {
  const service = await startTestService(t, settings)
  const browser = await registerAda(service.browser())
  const { mark } = readPasskey(await browser.get(`/recovery-passkey${query}`))
  const other = service.browser()
  await other.post('/login', ada)
  await savePasskey(other)
  const outdated = await browser.post(`/recovery-passkey${query}`, { mark })
  t.equal(addressOf(outdated, 'I have the other one'), inbox)
  const form = await browser.get(addressOf(outdated, 'Make a new recovery passkey'))
  const wrong = await browser.post(formOf(form), { currentPassword: 'wrong' })
  t.equal(wrong.status, 401)
  const made = await browser.post(formOf(wrong), { currentPassword: password })
  const passkeyPage = await browser.get(made.location ?? '')
  const saved = await browser.post(formOf(passkeyPage), { mark: readPasskey(passkeyPage).mark })
  const profilePage = await browser.get(saved.location ?? '')
  t.match(profilePage.body, 'Your new recovery passkey is in place.')
  t.equal(onward(profilePage), inbox)
})

t.test('from an app over a forgotten password and the new passkey one gets back to it', async (t) => {
  const service = await startTestService(t, settings)
  const passkey = await savePasskey(await registerAda(service.browser()))
  const browser = service.browser()
  const loginPage = await browser.get(`/login${query}`)
  const beginPage = await browser.get(addressOf(loginPage, 'Forgot your password?'))
  const begun = await browser.post(formOf(beginPage), { username: 'Ada' })
  const methodPage = await browser.get(begun.location ?? '')
  const proofPage = await browser.get(addressOf(methodPage, 'Recovery passkey'))
  const proved = await browser.post(formOf(proofPage), { username: 'Ada', proof: passkey })
  const resetPage = await browser.get(proved.location ?? '')
  const done = await browser.post(formOf(resetPage), { password: newPassword, confirmPassword: newPassword })
  const signInPage = await browser.get(done.location ?? '')
  t.match(signInPage.body, 'Your password is changed')
  const signedIn = await browser.post(formOf(signInPage), { username: 'Ada', password: newPassword })
  const passkeyPage = await browser.get(signedIn.location ?? '')
  const saved = await browser.post(formOf(passkeyPage), { mark: readPasskey(passkeyPage).mark })
  t.equal(saved.location, inbox)
})

t.test('nobody is offered to go on to an address that is not allowed', async (t) => {
  const service = await startTestService(t, settings)
  const browser = await registerAda(service.browser())
  await savePasskey(browser)
  for (const path of ['/profile', '/profile/edit', '/profile/recovery-passkey']) {
    const page = await browser.get(`${path}?redirectUrl=https%3A%2F%2Fevil.example`)
    t.equal(page.status, 400, path)
    t.match(page.body, 'We cannot send you there', path)
    t.notMatch((await browser.get(`${path}?redirectUrl=%2Fdashboard`)).body, 'Continue to', path)
  }
})

async function registerAda(browser: TestBrowser): Promise<TestBrowser> {
  await browser.post('/register', ada)
  return browser
}
