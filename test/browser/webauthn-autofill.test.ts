import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { until } from '../database/until.js'
import { addAccount, password, startServiceWithApp, type ServiceWithApp } from './service-with-app.js'
import { plugIn, type TestAuthenticator } from './test-authenticator.js'
import { inChromium } from './test-chromium.js'
import { visit, type Visitor } from './visitor.js'

type Scene = ServiceWithApp & { person: Visitor; authenticator: TestAuthenticator; inbox: string }

const nameField = 'Username or e-mail address'
const askPath = '/api/login/webauthn/options'

inChromium('a passkey is picked where the name is typed, and leads on to the app', async (t, chromium) => {
  const { person, authenticator, inbox } = await comeBack(t, chromium)
  await askedFor(person, () => person.follows('Sign in with Latchkey'))
  await person.sees('Sign in')
  t.equal(await person.page.getByLabel(nameField).getAttribute('autocomplete'), 'username webauthn')
  await authenticator.hasSomebody(true)
  await person.page.reload()
  await person.sees('Hello, Ada')
  t.equal(person.page.url(), inbox)
  t.strictSame(person.complaints, [])
})

inChromium('a passkey that is not known is told as by the button', async (t, chromium) => {
  const { person, authenticator, service, inbox } = await comeBack(t, chromium)
  await service.database.query('delete from webauthn_credentials')
  await authenticator.hasSomebody(true)
  await person.follows('Sign in with Latchkey')
  await person.sees('This passkey is not known here')
  await authenticator.hasSomebody(false)
  await person.follows('Use my password')
  await person.enters({ [nameField]: 'Ada', Password: password })
  await person.presses('Sign in')
  await person.sees('Hello, Ada')
  t.equal(person.page.url(), inbox)
  t.strictSame(person.complaints, [])
})

inChromium('a page that was open for an hour, asleep or awake, takes a passkey', async (t, chromium) => {
  const { person, authenticator, service } = await comeBack(t, chromium)
  await person.page.clock.install()
  const { tells } = await listen(t, person)
  await person.follows('Sign in with Latchkey')
  await tells('conditional')
  const rows = await countRows(service)
  for (const minutes of [5, 5, 50]) {
    if (minutes === 50) await authenticator.hasSomebody(true)
    service.passSeconds(minutes * 60)
    await person.page.clock.fastForward(minutes * 60_000)
    await tells('AbortError', 'conditional')
    if (minutes === 5) t.equal(await countRows(service), rows, 'nothing is kept of what was only asked')
  }
  await person.sees('Hello, Ada')
  t.equal(person.requests.filter(({ url }) => url.endsWith(askPath)).length, 4)
  t.strictSame(person.complaints, [])
})

inChromium('what waits for the field fails silently and makes way for the button', async (t, chromium) => {
  const { person, authenticator, latchkey } = await comeBack(t, chromium)
  const { tells, tellsAtLast } = await listen(t, person)
  const comesToTheField = async () => {
    await person.page.getByLabel('Password', { exact: true }).focus()
    await person.page.getByLabel(nameField).focus()
  }
  await person.opens(`${latchkey}/login`)
  await tells('conditional')
  await authenticator.isSwapped()
  await tells('NotAllowedError')
  await authenticator.hasSomebody(false)
  // It has the focus still.
  await person.page.getByLabel(nameField).click()
  await tells('conditional')

  const link = person.page.getByRole('link', { name: 'Sign in with a passkey' })
  const [tab] = await Promise.all([
    person.page.context().waitForEvent('page'),
    link.click({ modifiers: ['ControlOrMeta'] }),
  ])
  await tells('AbortError')
  await tab.close()
  t.notMatch(await person.reads(), /Nothing was done|could not do it/)
  await comesToTheField()
  await tells('conditional')

  await link.click()
  await person.sees('Sign in with a passkey')
  // A page that is left may have no time to tell how its own request ended.
  await tellsAtLast('at once')
  await person.follows('Use my password')
  await person.sees('Sign in')
  await tells('conditional')
  t.strictSame(person.complaints, [])
})

inChromium('two tabs that open together are given one cookie', async (t, chromium) => {
  const { person, latchkey } = await comeBack(t, chromium)
  const other = await person.opensTab()
  await person.page.context().clearCookies()
  await person.page.route(`**${askPath}`, async (route) => {
    await other.opens(`${latchkey}/login`)
    await until(async () => (await other.page.evaluate(waitingTabs)) === 1)
    await route.continue()
  })
  const answers = [person, other].map(({ page }) => page.waitForResponse(`**${askPath}`))
  await person.opens(`${latchkey}/login`)
  const [one, another] = await Promise.all(
    answers.map(async (answer) => (await answer).headerValue('set-cookie')),
  )
  t.match(one, /^latchkey_webauthn=/)
  t.equal(another, one)
  t.strictSame([...person.complaints, ...other.complaints], [])
})

inChromium('a tab whose question is never answered keeps no other from asking', async (t, chromium) => {
  const { person, latchkey } = await comeBack(t, chromium)
  const other = await person.opensTab()
  await person.page.clock.install()
  await person.page.route(`**${askPath}`, () => undefined)
  await Promise.all([person.page.waitForRequest(`**${askPath}`), person.opens(`${latchkey}/login`)])
  await other.opens(`${latchkey}/login`)
  await until(async () => (await other.page.evaluate(waitingTabs)) === 1)
  const answer = other.page.waitForResponse(`**${askPath}`)
  await person.page.clock.fastForward(10_000)
  t.equal((await answer).status(), 200)
  t.strictSame([...person.complaints, ...other.complaints], [])
})

inChromium(
  'a browser that offers no passkeys in fields asks for no more than before',
  async (t, chromium) => {
    const { latchkey } = await startServiceWithApp(t)
    const person = await visit(t, chromium)
    await person.page.addInitScript('delete PublicKeyCredential.isConditionalMediationAvailable')
    await person.page.goto(`${latchkey}/login`, { waitUntil: 'networkidle' })
    await person.page.getByText('Sign in with a passkey').waitFor()
    t.strictSame(
      person.requests.filter(({ url }) => /autofill|\/webauthn\.|options/.test(url)),
      [],
    )
    t.strictSame(person.complaints, [])
  },
)

/** Ada, who has a passkey, is signed out and on the way into an app again; nobody touches her authenticator as yet. */
async function comeBack(t: Test, chromium: Browser): Promise<Scene> {
  const site = await startServiceWithApp(t)
  const { latchkey, service, app } = site
  await addAccount(service, 'Ada')
  await service.database.query('update profiles set tutorial_finished_at = now()')
  const person = await visit(t, chromium)
  const authenticator = await plugIn(person.page)
  await person.opens(`${latchkey}/login?redirectUrl=/profile/passkeys/add`)
  await person.enters({ [nameField]: 'Ada', Password: password })
  await person.presses('Sign in')
  await person.enters({ 'Your password': password })
  await person.presses('Continue')
  await person.presses('Create the passkey')
  await person.page.getByText('Your passkey works from now on').waitFor()
  await authenticator.hasSomebody(false)
  await person.presses('Sign out')
  const inbox = `${app}/inbox?folder=a%20b`
  await person.opens(inbox)
  person.requests.length = 0
  return { ...site, person, authenticator, inbox }
}

/** Does something whereupon the page asks what to ask the browser for. */
async function askedFor(person: Visitor, act: () => Promise<void>): Promise<void> {
  await Promise.all([person.page.waitForResponse(`**${askPath}`), act()])
}

async function countRows({ database }: ServiceWithApp['service']): Promise<number | null> {
  return (await database.query('select from used_once')).rowCount
}

/** Makes pages tell of what they ask the browser for; waits for these words of theirs, in this order, or for one at last. */
async function listen(t: Test, { page }: Visitor) {
  const told: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'log') told.push(message.text())
  })
  await page.addInitScript(tellRequests)
  return {
    tells: async (...words: string[]) => {
      while (told.length < words.length) await page.waitForEvent('console')
      t.strictSame(told.splice(0), words)
    },
    tellsAtLast: async (word: string) => {
      while (told.at(-1) !== word) await page.waitForEvent('console')
      told.length = 0
    },
  }
}

/** Run in a page: how many tabs wait to be given a challenge. */
const waitingTabs = 'navigator.locks.query().then(({ pending }) => pending.length)'

/** Run in each page: tells when the browser is asked for a passkey, and how that fails. */
const tellRequests = `
  const get = CredentialsContainer.prototype.get
  CredentialsContainer.prototype.get = async function (options) {
    console.log(options.mediation ?? 'at once')
    return get.call(this, options).catch((error) => {
      console.log(error.name)
      throw error
    })
  }`
