import { savePasskey } from '../flows/save-passkey.js'
import type { PageState } from './page-states.js'
import { password, type ServiceWithApp } from './service-with-app.js'
import type { Visitor } from './visitor.js'

const longestName = 'wolfeschlegelsteinhausenbergerdi'
const waiting = 'Your recovery passkey is waiting'
const regenerate = 'New recovery passkey'
let accounts = 0

/** The pages of recovery passkeys and of asking for the password again. */
export const recoveryPasskeyPageStates: PageState[] = [
  {
    title: 'recovery passkey of a long name',
    heading: 'Your recovery passkey',
    reach: async (person, site) => {
      await register(person, site, longestName)
    },
  },
  {
    title: 'recovery passkey in the place of another, copied',
    heading: 'Your recovery passkey',
    reach: async (person, site) => {
      const name = await register(person, site)
      await signInElsewhere(site, name).then((browser) => browser.get('/recovery-passkey'))
      await person.page.reload()
      await person.presses('Copy')
      await person.page.locator('#passkey-status:not(:empty)').waitFor()
    },
  },
  {
    title: 'recovery passkey that was replaced meanwhile',
    heading: 'This is a newer recovery passkey',
    reach: async (person, site) => {
      const name = await register(person, site)
      await signInElsewhere(site, name).then((browser) => browser.get('/recovery-passkey'))
      await person.presses('I have saved it')
    },
  },
  {
    title: 'recovery passkey that no longer works',
    heading: 'This recovery passkey no longer works',
    reach: async (person, site) => {
      const name = await register(person, site)
      await savePasskey(await signInElsewhere(site, name))
      await person.presses('I have saved it')
    },
  },
  { title: 'recovery passkey that waits for the password', heading: waiting, reach: openWaiting },
  {
    title: 'recovery passkey that waits, with the wrong password',
    heading: 'This password is not right',
    reach: async (person, site) => {
      await openWaiting(person, site)
      await person.enters({ 'Your password': 'wrong' })
      await person.presses('Show my recovery passkey')
    },
  },
  {
    title: 'recovery passkey saved',
    heading: 'Would you like to update your profile now?',
    reach: async (person, site) => {
      await register(person, site)
      await person.presses('I have saved it')
    },
  },
  { title: 'new recovery passkey', heading: regenerate, reach: openForm },
  {
    title: 'new recovery passkey without a password',
    heading: 'Please enter your password',
    reach: async (person, site) => submitForm(person, site, ''),
  },
  {
    title: 'new recovery passkey with the wrong password',
    heading: 'This password is not right',
    reach: async (person, site) => submitForm(person, site, 'wrong'),
  },
  {
    title: 'new recovery passkey with the password proved',
    heading: regenerate,
    reach: async (person, site) => {
      await submitForm(person, site, password)
      await person.presses('I have saved it')
      await person.opens(`${site.latchkey}/profile/recovery-passkey`)
    },
  },
]

async function register(
  person: Visitor,
  { latchkey }: ServiceWithApp,
  name = `Grace${++accounts}`,
): Promise<string> {
  await person.opens(`${latchkey}/register`)
  await person.enters({ Username: name, Password: password, 'Password again': password })
  await person.presses('Create account')
  await person.sees('Your recovery passkey')
  return name
}

async function signInElsewhere({ service }: ServiceWithApp, username: string) {
  const browser = service.browser()
  await browser.post('/login', { username, password })
  return browser
}

/** In a browser that holds the cookie of the session alone. */
async function openWaiting(person: Visitor, site: ServiceWithApp): Promise<void> {
  await register(person, site)
  await person.page.context().clearCookies({ name: 'latchkey_device' })
  await person.page.reload()
  await person.sees(waiting)
}

async function openForm(person: Visitor, site: ServiceWithApp): Promise<void> {
  await register(person, site)
  await person.presses('I have saved it')
  await person.opens(`${site.latchkey}/profile/recovery-passkey`)
}

async function submitForm(person: Visitor, site: ServiceWithApp, typed: string): Promise<void> {
  await openForm(person, site)
  await person.enters({ 'Your password': typed })
  await person.presses('Make a new recovery passkey')
}
