import type { PageState } from './page-states.js'
import { addAccount, password, type ServiceWithApp } from './service-with-app.js'
import { plugIn, type TestAuthenticator } from './test-authenticator.js'
import type { Visitor } from './visitor.js'

let accounts = 0
const nameField = 'Username or e-mail address'
const longName = 'Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft'.slice(0, 64)

/** The pages of passkeys, in the states that a person can bring about. */
export const webauthnPageStates: PageState[] = [
  {
    title: 'login that offers passkeys',
    heading: 'Sign in',
    reach: async (person, { latchkey }) => {
      await person.opens(`${latchkey}/login`)
      await person.page.getByText('Sign in with a passkey').waitFor()
    },
  },
  {
    title: 'signing in with a passkey that is not there',
    heading: 'Sign in with a passkey',
    reach: async (person, { latchkey }) => {
      await plugIn(person.page)
      await person.opens(`${latchkey}/login/webauthn`)
      await person.page.getByText('Nothing was done').waitFor()
    },
  },
  {
    title: 'signing in with a passkey that is not known',
    heading: 'This passkey is not known here',
    reach: async (person, site) => {
      const authenticator = await reachPasskey(person, site)
      await site.service.database.query('delete from webauthn_credentials')
      await authenticator.hasSomebody(false)
      await person.presses('Sign out')
      await person.opens(`${site.latchkey}/login/webauthn`)
      await authenticator.hasSomebody(true)
      await person.page.reload()
    },
  },
  {
    title: 'no passkeys yet',
    heading: 'Passkeys',
    reach: (person, site) => signIn(person, site, '/profile/passkeys'),
  },
  {
    title: 'the password before a passkey, wrong',
    heading: 'This password is not right',
    reach: async (person, site) => {
      await signIn(person, site, '/profile/passkeys/add')
      await person.enters({ 'Your password': 'wrong' })
      await person.presses('Continue')
    },
  },
  {
    title: 'adding a passkey',
    heading: 'Add a passkey',
    reach: async (person, site) => {
      await signIn(person, site, '/profile/passkeys/add')
      await person.enters({ 'Your password': password })
      await person.presses('Continue')
      await person.page.getByRole('button', { name: 'Create the passkey' }).waitFor()
    },
  },
  {
    title: 'a passkey that was just added',
    heading: 'Chrome on Linux',
    reach: async (person, site) => {
      await reachPasskey(person, site)
    },
  },
  {
    title: 'a name of a passkey that is too long',
    heading: 'Please check what you entered',
    reach: async (person, site) => {
      await reachPasskey(person, site)
      await person.enters({ Name: 'x'.repeat(65) })
      await person.presses('Save the name')
    },
  },
  {
    title: 'removing a passkey when it was proved too long ago',
    heading: 'Please enter your password',
    reach: async (person, site) => {
      await reachPasskey(person, site)
      await site.service.database.query('delete from password_proofs')
      await person.presses('Remove this passkey')
    },
  },
  {
    title: 'a passkey that was removed',
    heading: 'Passkeys',
    reach: async (person, site) => {
      await reachPasskey(person, site)
      await person.presses('Remove this passkey')
      await person.page.getByRole('link', { name: 'sign out all other browsers' }).waitFor()
    },
  },
  {
    title: 'proving it by the password or a passkey',
    heading: 'Confirm that it is you',
    reach: async (person, site) => {
      await reachPasskey(person, site)
      await site.service.database.query('delete from password_proofs')
      await person.page.reload()
      await person.page.getByRole('link', { name: 'Use a passkey' }).waitFor()
    },
  },
  {
    title: 'proving it by a passkey that does not know its owner',
    heading: 'Confirm that it is you',
    reach: async (person, site) => {
      const authenticator = await reachPasskey(person, site)
      await authenticator.knowsOwner(false)
      await person.opens(`${site.latchkey}/profile/confirm/passkey`)
      await person.page.getByText('Nothing was done').waitFor()
    },
  },
  {
    title: 'proving it by a passkey that was removed',
    heading: 'This is no passkey of this account',
    reach: async (person, site) => {
      await reachPasskey(person, site)
      await site.service.database.query('delete from webauthn_credentials')
      await person.opens(`${site.latchkey}/profile/confirm/passkey`)
    },
  },
  {
    title: 'several passkeys',
    heading: 'Passkeys',
    reach: async (person, site) => {
      await reachPasskey(person, site)
      await person.enters({ Name: longName })
      await site.service.database.query(`
        insert into webauthn_credentials
          (credential_id, account_id, public_key, sign_count, transports, name, is_backed_up, created_at, last_used_at)
        select convert_to('key ' || number, 'UTF8'), account_id, public_key, 0, '{}', 'Key ' || number, true, now(), now()
        from webauthn_credentials, generate_series(1, 2) as number`)
      await person.presses('Save the name')
    },
  },
]

async function signIn(person: Visitor, { latchkey, service }: ServiceWithApp, path: string): Promise<void> {
  accounts += 1
  const username = `holder${accounts}`
  await addAccount(service, username)
  await person.opens(`${latchkey}/login?redirectUrl=${path}`)
  await person.enters({ [nameField]: username, Password: password })
  await person.presses('Sign in')
}

async function reachPasskey(person: Visitor, site: ServiceWithApp): Promise<TestAuthenticator> {
  await site.service.database.query('delete from webauthn_credentials')
  const authenticator = await plugIn(person.page)
  await signIn(person, site, '/profile/passkeys/add')
  await person.enters({ 'Your password': password })
  await person.presses('Continue')
  await person.presses('Create the passkey')
  await person.page.getByText('Your passkey works from now on').waitFor()
  return authenticator
}
