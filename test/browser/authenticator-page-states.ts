import { until } from '../database/until.js'
import { keyIn, Phone } from '../flows/authenticator-scene.js'
import { savePasskey } from '../flows/save-passkey.js'
import type { TestBrowser } from '../flows/test-browser.js'
import type { PageState } from './page-states.js'
import { password, type ServiceWithApp } from './service-with-app.js'
import type { Visitor } from './visitor.js'

const path = '/profile/authenticator'
const longName = 'wolfeschlegelsteinhausenbergerdo'
const confirmHeading = 'Confirm that it is you'
const noRecoveryCode = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'
let accounts = 0

type Owner = { username: string; browser: TestBrowser }

/** The pages of the authenticator app, in the profile and at sign-in. */
export const authenticatorPageStates: PageState[] = [
  inProfile('authenticator app, off', 'Authenticator app', async (person, { latchkey }) => {
    await person.opens(latchkey + path)
  }),
  inProfile(
    'authenticator app without the password',
    'Please enter your password',
    async (person, { latchkey }) => {
      await person.opens(latchkey + path)
      await person.presses('Set it up')
    },
  ),
  inProfile('authenticator app that is set up', 'Set up your authenticator app', async (person, site) => {
    await begin(person, site)
  }),
  inProfile('a wrong code of the app that is set up', 'This code was not taken', async (person, site) => {
    await begin(person, site)
    await person.enters({ 'Code from the app': '000000' })
    await person.presses('Turn it on')
  }),
  inProfile('recovery codes', 'Your recovery codes', async (person, site) => {
    await turnOn(person, site)
    await person.presses('Copy')
    await person.page.locator('#passkey-status:not(:empty)').waitFor()
  }),
  inProfile('authenticator app, on', 'Authenticator app', async (person, site) => {
    await prove(person, site, await turnOn(person, site))
  }),
  inProfile('recovery codes made anew', 'Your recovery codes', async (person, site) => {
    await prove(person, site, await turnOn(person, site))
    await person.presses('Make new recovery codes')
  }),
  toConfirm('confirm that it is you, with a second step', confirmHeading, async () => undefined),
  toConfirm('confirm that it is you, and no password', 'Please enter your password', async (person) =>
    person.presses('Continue'),
  ),
  toConfirm('code of the app to confirm that it is you', confirmHeading, givePassword),
  toConfirm(
    'what is no code of the app to confirm that it is you',
    'This code was not taken',
    async (person) => {
      await givePassword(person)
      await person.enters({ 'Code from the app': 'abc' })
      await person.presses('Confirm')
    },
  ),
  toConfirm('recovery code to confirm that it is you', confirmHeading, async (person) => {
    await givePassword(person)
    await person.follows('Use a recovery code')
  }),
  toConfirm('mailed code to confirm that it is you', confirmHeading, async (person, site) => {
    await setUpMail(site)
    await givePassword(person)
    await person.presses('Have a code mailed to you')
    await person.page.getByLabel('Code from the mail').waitFor()
  }),
  toConfirm('confirm that it is you, begun again', 'Please begin again', async (person, { service }) => {
    await givePassword(person)
    await service.database.query('delete from pending_sign_ins')
    await person.page.reload()
  }),
  atSignIn('code of the app at sign-in', 'Enter the code of your app', async () => undefined),
  atSignIn('what is no code of the app at sign-in', 'This code was not taken', async (person) =>
    enterCode(person, 'abc'),
  ),
  atSignIn('wrong codes of the app, one before the wait', 'This code was not taken', async (person) => {
    for (let failures = 0; failures < 4; failures += 1) await enterCode(person, '000000')
  }),
  atSignIn('too many wrong codes of the app', 'Too many failed attempts', async (person) => {
    for (let failures = 0; failures < 5; failures += 1) await enterCode(person, '000000')
  }),
  atSignIn('recovery code at sign-in', 'Enter a recovery code', async (person) => {
    await person.follows('Use a recovery code')
  }),
  atSignIn('a wrong recovery code', 'This code was not taken', async (person) => {
    await person.follows('Use a recovery code')
    await person.enters({ 'Recovery code': noRecoveryCode })
    await person.presses('Sign in')
  }),
  atSignIn('mailed code instead of the app, none sent yet', 'No code is on its way', async (person, site) => {
    const { search } = new URL(person.page.url())
    await person.opens(`${site.latchkey}/login/code${search}`)
  }),
  atSignIn('mailed code instead of the app', 'Enter your code', async (person) => {
    await person.presses('Have a code mailed to you')
  }),
]

function inProfile(
  title: string,
  heading: string,
  reach: (person: Visitor, site: ServiceWithApp) => Promise<void>,
): PageState {
  return {
    title,
    heading,
    reach: async (person, site) => {
      await signIn(person, site, await addOwner(site))
      await reach(person, site)
    },
  }
}

/** Somebody who has turned it on, and wants something for which they have to prove who they are. */
function toConfirm(
  title: string,
  heading: string,
  reach: (person: Visitor, site: ServiceWithApp) => Promise<void>,
): PageState {
  return inProfile(title, heading, async (person, site) => {
    await turnOn(person, site)
    await person.opens(site.latchkey + path)
    await person.sees(confirmHeading)
    await reach(person, site)
  })
}

/** On the way to an app, of somebody who has chosen the mailed code as well. */
function atSignIn(
  title: string,
  heading: string,
  reach: (person: Visitor, site: ServiceWithApp) => Promise<void>,
): PageState {
  return {
    title,
    heading,
    reach: async (person, site) => {
      const { browser, username } = await addOwner(site)
      await browser.post(`${path}/begin`, { currentPassword: password })
      const phone = new Phone(keyIn(await browser.get(`${path}/set-up`)), [site.service])
      await browser.post(`${path}/set-up`, { code: phone.code() })
      await site.service.database.query(
        'update accounts set email = $2, canonical_email = $2, email_confirmed_at = now() where username = $1',
        [username, `${username.toLowerCase()}@example.com`],
      )
      await site.service.database.query('update password_proofs set is_full = true')
      await browser.post('/profile/sign-in-code/on')
      await person.opens(`${site.latchkey}/login?redirectUrl=${encodeURIComponent(site.app)}`)
      await person.enters({ 'Username or e-mail address': username, Password: password })
      await person.presses('Sign in')
      await person.sees('Enter the code of your app')
      await reach(person, site)
    },
  }
}

async function addOwner({ service }: ServiceWithApp): Promise<Owner> {
  accounts += 1
  const username = `${longName.slice(0, 29)}${accounts}`
  const browser = service.browser()
  await browser.post('/register', { username, password, confirmPassword: password })
  await savePasskey(browser)
  await service.database.query('update profiles set tutorial_finished_at = now()')
  return { username, browser }
}

/** Puts the session into the window. */
async function signIn(person: Visitor, { latchkey }: ServiceWithApp, { browser }: Owner): Promise<void> {
  await person.page
    .context()
    .addCookies([...browser.cookies].map(([name, value]) => ({ name, value, url: latchkey })))
}

async function begin(person: Visitor, { latchkey }: ServiceWithApp): Promise<void> {
  await person.opens(latchkey + path)
  await person.enters({ 'Your password': password })
  await person.presses('Set it up')
  await person.sees('Set up your authenticator app')
}

async function turnOn(person: Visitor, site: ServiceWithApp): Promise<Phone> {
  await begin(person, site)
  const key = (await person.page.locator('.key').textContent()) ?? ''
  const phone = new Phone(key, [site.service])
  await person.enters({ 'Code from the app': phone.code() })
  await person.presses('Turn it on')
  await person.sees('Your recovery codes')
  return phone
}

async function givePassword(person: Visitor): Promise<void> {
  await person.enters({ 'Your password': password })
  await person.presses('Continue')
  await person.page.getByLabel('Code from the app').waitFor()
}

async function prove(person: Visitor, { latchkey }: ServiceWithApp, phone: Phone): Promise<void> {
  await person.opens(latchkey + path)
  await givePassword(person)
  await person.enters({ 'Code from the app': phone.code(1) })
  await person.presses('Confirm')
  await person.sees('Authenticator app')
}

/** Has all accounts choose the mailed code as well. */
async function setUpMail({ service }: ServiceWithApp): Promise<void> {
  await service.database.query(`
    update accounts
    set email = username || '@example.com', canonical_email = lower(username) || '@example.com',
      email_confirmed_at = now()`)
  await service.database.query(
    'insert into second_factors select id, now() from accounts on conflict do nothing',
  )
}

async function enterCode(person: Visitor, code: string): Promise<void> {
  await person.enters({ 'Code from the app': code })
  await person.presses('Sign in')
  // Each answer is a page of its own under the same address.
  await until(async () => (await person.page.getByLabel('Code from the app').inputValue()) === '')
}
