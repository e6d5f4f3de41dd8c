import { until } from '../database/until.js'
import type { PageState } from './page-states.js'
import { password, type ServiceWithApp } from './service-with-app.js'
import type { Visitor } from './visitor.js'

const longName = 'wolfeschlegelsteinhausenbergerdo'
const longEmail = `${'x'.repeat(60)}@${'y'.repeat(60)}.example.com`
const nameField = 'Username or e-mail address'
let accounts = 0

/** The pages between the password and the session, on a service that asks everybody for a code. */
export const signInCodePageStates: PageState[] = [
  {
    title: 'code at sign-in',
    heading: 'Enter your code',
    reach: async (person, site) => {
      await reachCode(person, site)
    },
  },
  {
    title: 'code at sign-in to an address that is not confirmed yet, on the way to an app',
    heading: 'Enter your code',
    reach: async (person, site) => {
      await register(site, longName, longEmail)
      await enterPassword(person, site, longName, `?redirectUrl=${encodeURIComponent(site.app)}`)
    },
  },
  {
    title: 'a wrong code at sign-in',
    heading: 'This code was not taken',
    reach: async (person, site) => {
      await reachCode(person, site)
      await enterCode(person, '000000')
    },
  },
  {
    title: 'what is no code at sign-in',
    heading: 'This code was not taken',
    reach: async (person, site) => {
      await reachCode(person, site)
      await enterCode(person, 'abc')
    },
  },
  {
    title: 'code at sign-in that has expired',
    heading: 'The code has expired',
    reach: async (person, site) => {
      await reachCode(person, site)
      await site.service.database.query('update email_codes set expires_at = now()')
      await person.page.reload()
    },
  },
  {
    title: 'too many codes at sign-in',
    heading: 'No further code for now',
    reach: async (person, site) => {
      await reachCode(person, site)
      for (let sent = 0; sent < 10; sent += 1) await person.presses('Send a new code')
    },
  },
  {
    title: 'code at sign-in that could not be sent',
    heading: 'The code could not be sent',
    reach: async (person, site) => {
      await reachCode(person, site)
      await site.service.database.query("update pending_sign_ins set unsent_because = 'mailFailed'")
      await person.page.reload()
    },
  },
  {
    title: 'too many wrong codes at sign-in',
    heading: 'Too many failed attempts',
    reach: async (person, site) => {
      await reachCode(person, site)
      for (let failures = 0; failures < 5; failures += 1) await enterCode(person, '000000')
    },
  },
  {
    title: 'login after the code came too late',
    heading: 'Please sign in again',
    reach: async (person, site) => {
      await reachCode(person, site)
      await site.service.database.query('delete from pending_sign_ins')
      await person.page.reload()
    },
  },
  {
    title: 'e-mail address asked for at sign-in',
    heading: 'Your e-mail address',
    reach: async (person, site) => {
      await reachEmail(person, site)
    },
  },
  {
    title: 'what is no e-mail address at sign-in',
    heading: 'Please check what you entered',
    reach: async (person, site) => {
      await reachEmail(person, site)
      await person.enters({ 'E-mail address': 'nope' })
      await person.presses('Send the code')
    },
  },
  {
    title: 'e-mail address at sign-in that is taken',
    heading: 'This e-mail address is taken',
    reach: async (person, site) => {
      await register(site, 'Holder', 'holder@example.com')
      await confirm(site, 'Holder')
      await reachEmail(person, site)
      await person.enters({ 'E-mail address': 'holder@example.com' })
      await person.presses('Send the code')
    },
  },
]

/** A new account with a confirmed address, whose right password was just entered. */
async function reachCode(person: Visitor, site: ServiceWithApp): Promise<void> {
  accounts += 1
  const username = `coder${accounts}`
  await register(site, username, `${username}@example.com`)
  await confirm(site, username)
  await enterPassword(person, site, username)
  await person.sees('Enter your code')
}

async function reachEmail(person: Visitor, site: ServiceWithApp): Promise<void> {
  accounts += 1
  const username = `coder${accounts}`
  await register(site, username)
  await enterPassword(person, site, username)
  await person.sees('Your e-mail address')
}

async function register({ service }: ServiceWithApp, username: string, email = ''): Promise<void> {
  await service.browser().post('/register', { username, password, confirmPassword: password, email })
}

async function confirm({ service }: ServiceWithApp, username: string): Promise<void> {
  await service.database.query('update accounts set email_confirmed_at = now() where username = $1', [
    username,
  ])
}

async function enterPassword(
  person: Visitor,
  { latchkey }: ServiceWithApp,
  username: string,
  query = '',
): Promise<void> {
  await person.opens(`${latchkey}/login${query}`)
  await person.enters({ [nameField]: username, Password: password })
  await person.presses('Sign in')
}

async function enterCode(person: Visitor, code: string): Promise<void> {
  await person.enters({ 'Code from the mail': code })
  await person.presses('Sign in')
  // Each answer is a page of its own under the same address.
  await until(async () => (await person.page.getByLabel('Code from the mail').inputValue()) === '')
}
