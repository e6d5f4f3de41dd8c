import type { PageState } from './page-states.js'
import { addAccount, password, type ServiceWithApp } from './service-with-app.js'
import { plugIn, type TestAuthenticator } from './test-authenticator.js'
import type { Visitor } from './visitor.js'

let accounts = 0
const nameField = 'Username or e-mail address'
const switchPath = '/profile/passkeys/second-step'
type Reach = (person: Visitor, site: ServiceWithApp) => Promise<void>

/** The pages of passkeys after the password, in the profile and at sign-in. */
export const webauthnStepPageStates: PageState[] = [
  inProfile('a passkey after the password, with none to ask for', 'Passkey after the password', removeAll),
  inProfile('a passkey after the password, off', 'Passkey after the password'),
  inProfile(
    'a passkey after the password, without the password',
    'Please enter your password',
    async (person, { service }) => {
      await service.database.query('delete from password_proofs')
      await person.presses('Turn it on')
    },
  ),
  inProfile('recovery codes for passkeys', 'Your recovery codes', turnOn),
  inProfile('a passkey after the password, on', 'Passkey after the password', async (person, site) => {
    await turnOn(person)
    await person.opens(site.latchkey + switchPath)
    await person.follows('Use a passkey')
  }),
  inProfile('passkeys, one of which is asked for', 'Passkeys', async (person) => {
    await turnOn(person)
    await person.follows('I have saved them')
  }),
  inProfile('the last passkey, which is asked for', 'Chrome on Linux', async (person) => {
    await turnOn(person)
    await person.follows('I have saved them')
    await person.page.getByRole('link', { name: /^Chrome on Linux/ }).click()
    await person.follows('Use a passkey')
    await person.page.getByText('It is your last one').waitFor()
  }),
  atSignIn('a passkey asked for after the password', 'Use your passkey', async (person) => {
    await person.page.getByRole('button', { name: 'Use my passkey' }).waitFor()
  }),
  atSignIn('a passkey after the password, cancelled', 'Use your passkey', async (person, { service }) => {
    await service.database.query("update webauthn_credentials set credential_id = decode('00', 'hex')")
    await person.page.reload()
    await person.presses('Use my passkey')
    await person.page.getByText('Nothing was done').waitFor()
  }),
  atSignIn('a passkey of another account', 'This is no passkey of this account', async (person, site) => {
    await removeAll(person, site)
    await person.presses('Use my passkey')
  }),
  atSignIn(
    'a passkey asked for, with nothing to show instead',
    'Use your passkey',
    async (person, { service }) => {
      await service.database.query('delete from recovery_codes')
      await person.page.reload()
      await person.page.getByText('Whoever runs this service can let you in').waitFor()
    },
  ),
]

/** Signed in, with a passkey, on the page on which it is turned on. */
function inProfile(title: string, heading: string, reach: Reach = async () => undefined): PageState {
  return {
    title,
    heading,
    reach: async (person, site) => {
      await addOwner(person, site)
      await reach(person, site)
      if (reach === removeAll) await person.page.reload()
    },
  }
}

/** On the way to an app, after the password. */
function atSignIn(title: string, heading: string, reach: Reach): PageState {
  return {
    title,
    heading,
    reach: async (person, site) => {
      const { username, authenticator } = await addOwner(person, site)
      await turnOn(person)
      await person.follows('I have saved them')
      await authenticator.hasSomebody(false)
      await person.presses('Sign out')
      await person.opens(`${site.latchkey}/login?redirectUrl=${encodeURIComponent(site.app)}`)
      await person.enters({ [nameField]: username, Password: password })
      await person.presses('Sign in')
      await person.sees('Use your passkey')
      await authenticator.hasSomebody(true)
      await reach(person, site)
    },
  }
}

type Owner = { username: string; authenticator: TestAuthenticator }

async function addOwner(person: Visitor, site: ServiceWithApp): Promise<Owner> {
  accounts += 1
  const username = `shower${accounts}`
  await removeAll(person, site)
  const authenticator = await plugIn(person.page)
  await addAccount(site.service, username)
  await person.opens(`${site.latchkey}/login?redirectUrl=/profile/passkeys/add`)
  await person.enters({ [nameField]: username, Password: password })
  await person.presses('Sign in')
  await person.enters({ 'Your password': password })
  await person.presses('Continue')
  await person.presses('Create the passkey')
  await person.page.getByText('Your passkey works from now on').waitFor()
  await person.opens(site.latchkey + switchPath)
  return { username, authenticator }
}

async function removeAll(_person: Visitor, { service }: ServiceWithApp): Promise<void> {
  await service.database.query('delete from webauthn_credentials')
}

async function turnOn(person: Visitor): Promise<void> {
  await person.presses('Turn it on')
  await person.sees('Your recovery codes')
}
