import { addAccount, password, type ServiceWithApp } from './service-with-app.js'
import type { Visitor } from './visitor.js'

export type PageState = {
  title: string
  /** Brings a browser that has never been here to the page. */
  reach: (person: Visitor, site: ServiceWithApp) => Promise<void>
  /** Of the page that is then shown. */
  heading: string
}

const taken = 'Ada'
const longestName = 'wolfeschlegelsteinhausenbergerdo'
const longAddress = `https://${'sub.'.repeat(30)}example.com/${'path'.repeat(40)}`

/** Every page in every state that a person can bring about, on a service where `Ada` has an account. */
export const pageStates: PageState[] = [
  { title: 'login', heading: 'Sign in', reach: (person, { latchkey }) => person.opens(`${latchkey}/login`) },
  {
    title: 'login with the password shown',
    heading: 'Sign in',
    reach: async (person, { latchkey }) => {
      await person.opens(`${latchkey}/login`)
      await person.enters({ Password: 'shown to whoever looks' })
      await person.presses('Show password')
    },
  },
  login('empty login', '', '', 'Please check what you entered'),
  login('login of nobody', 'Nobody', password, 'No account has this username'),
  login(
    'login of nobody with a long address',
    `${'x'.repeat(60)}@${'y'.repeat(60)}.example.com`,
    password,
    'No account has this e-mail address',
  ),
  login('login with the wrong password', taken, 'wrong', 'This password is not right'),
  {
    title: 'login after too many failed attempts',
    heading: 'Too many failed attempts',
    reach: async (person, site) => {
      for (let failures = 0; failures < 5; failures++)
        await site.service.browser().post('/login', { username: 'Guessed', password: 'wrong' })
      await submitLogin(person, site, 'Guessed', password)
    },
  },
  {
    title: 'login to a locked account',
    heading: 'This account is locked',
    reach: async (person, site) => {
      await addAccount(site.service, 'Locked')
      await site.service.database.query(`
        insert into failed_attempts (subject, account_id, failures, last_failure_at, locked_at)
        select 'account ' || id, id, 20, now(), now() from accounts where username = 'Locked'
        on conflict do nothing`)
      await submitLogin(person, site, 'Locked', password)
    },
  },
  {
    title: 'login of somebody whom another browser signed out',
    heading: 'You were signed out here',
    reach: async (person, site) => {
      await addAccount(site.service, 'Remote')
      await submitLogin(person, site, 'Remote', password)
      await person.sees('Hello, Remote')
      await signOutElsewhere(site, 'Remote')
      await person.opens(`${site.latchkey}/login`)
    },
  },
  {
    title: 'login with a new password',
    heading: 'Your password is changed',
    reach: async (person, { latchkey }) => {
      const farewell = { name: 'latchkey_farewell', value: 'passwordReset.QWRh', url: latchkey }
      await person.page.context().addCookies([farewell])
      await person.opens(`${latchkey}/login`)
    },
  },
  {
    title: 'register',
    heading: 'Create an account',
    reach: (person, { latchkey }) => person.opens(`${latchkey}/register`),
  },
  register('register with every field wrong', 'a b', 'short', 'nope', 'Please check what you entered'),
  register('register with a taken name', 'ADA', password, '', 'This username is taken'),
  {
    title: 'dashboard of a long name',
    heading: `Hello, ${longestName}`,
    reach: async (person, site) => {
      await addAccount(site.service, longestName)
      await submitLogin(person, site, longestName, password)
    },
  },
  {
    title: 'sign out',
    heading: 'Sign out?',
    reach: (person, { latchkey }) => person.opens(`${latchkey}/logout`),
  },
  {
    title: 'refused address',
    heading: 'We cannot send you there',
    reach: (person, { latchkey }) =>
      person.opens(`${latchkey}/login?redirectUrl=${encodeURIComponent(longAddress)}`),
  },
  {
    title: 'two addresses',
    heading: 'We cannot send you there',
    reach: (person, { latchkey }) => person.opens(`${latchkey}/login?redirectUrl=/a&redirectUrl=/b`),
  },
  {
    title: 'no such page',
    heading: 'There is no such page',
    reach: (person, { latchkey }) => person.opens(`${latchkey}/nowhere`),
  },
  {
    title: 'a form from elsewhere',
    heading: 'This form came from another website',
    reach: async (person, { latchkey, app }) => {
      await person.opens(app)
      await person.page.evaluate(
        `document.body.innerHTML = '<form method="post" action="${latchkey}/login">'`,
      )
      await person.page.evaluate('document.forms[0].submit()')
    },
  },
  {
    title: 'a form that is too large',
    heading: 'That was too much',
    reach: (person, site) => submitLogin(person, site, 'x'.repeat(70_000), ''),
  },
  {
    title: 'a failure of ours',
    heading: 'Something went wrong on our side',
    reach: async (person, site) => {
      await site.service.database.query('alter table accounts rename column password_hash to lost')
      await submitLogin(person, site, taken, password)
      await person.sees('Something went wrong on our side')
      await site.service.database.query('alter table accounts rename column lost to password_hash')
    },
  },
]

function login(title: string, username: string, typed: string, heading: string): PageState {
  return { title, heading, reach: (person, site) => submitLogin(person, site, username, typed) }
}

async function signOutElsewhere({ service }: ServiceWithApp, username: string) {
  const other = service.browser()
  await other.post('/login', { username, password })
  await other.post('/profile/sessions/end-others')
}

async function submitLogin(person: Visitor, { latchkey }: ServiceWithApp, username: string, typed: string) {
  await person.opens(`${latchkey}/login`)
  await person.enters({ 'Username or e-mail address': username, Password: typed })
  await person.presses('Sign in')
}

function register(title: string, username: string, typed: string, email: string, heading: string): PageState {
  const reach = async (person: Visitor, { latchkey }: ServiceWithApp) => {
    await person.opens(`${latchkey}/register`)
    await person.enters({ Username: username, Password: typed, 'Password again': typed })
    await person.enters({ 'E-mail address (optional)': email })
    await person.presses('Create account')
  }
  return { title, heading, reach }
}
