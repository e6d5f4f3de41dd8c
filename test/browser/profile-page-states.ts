import { savePasskey } from '../flows/save-passkey.js'
import type { TestBrowser } from '../flows/test-browser.js'
import type { PageState } from './page-states.js'
import { password, type ServiceWithApp } from './service-with-app.js'
import type { Visitor } from './visitor.js'

const longName = 'Donaudampfschifffahrtsgesellschaftskapitän'
const longEmail = `${'x'.repeat(60)}@${'y'.repeat(60)}.example.com`
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'

type Inside = {
  person: Visitor
  /** The same session, without a window. */
  browser: TestBrowser
  /** Opens a page in the window, which is signed in like `browser`. */
  opens: (path: string) => Promise<void>
  site: ServiceWithApp
  username: string
}

/** The pages behind the door, each of somebody who has just made an account and has seen the tour. */
export const profilePageStates: PageState[] = [
  inside('the tour', 'Welcome to your account', async ({ opens, site }) => {
    await site.service.database.query('update profiles set tutorial_finished_at = null')
    await opens('/dashboard')
  }),
  open('profile', '/profile', 'Your profile'),
  inside('profile with all that is long', 'Your profile', async ({ opens, browser }) => {
    await browser.post('/profile/edit', { displayName: longName })
    await opens('/profile?notice=displayNameSaved')
  }),
  inside('profile on the way to an app', 'Your profile', async ({ opens, site }) => {
    await opens(`/profile?notice=displayNameSaved&redirectUrl=${encodeURIComponent(site.app)}`)
  }),
  open('display name', '/profile/edit', 'Your name'),
  inside('display name on the way to an app', 'Your name', async ({ opens, site }) => {
    await opens(`/profile/edit?redirectUrl=${encodeURIComponent(site.app)}`)
  }),
  submit('a display name that is too long', '/profile/edit', 'Please check what you entered', {
    'Display name (optional)': 'x'.repeat(65),
  }),
  open('e-mail address', '/profile/email', 'Your e-mail address'),
  submit('no e-mail address', '/profile/email', 'Please check what you entered', {
    'E-mail address to confirm': 'nope',
  }),
  submit('an e-mail address without the password', '/profile/email', 'Please enter your password', {}),
  inside('code for an e-mail address', 'Confirm your e-mail address', async ({ opens, browser }) => {
    await browser.post('/profile/email', { email: longEmail, currentPassword: password })
    await browser.post('/profile/email/again')
    await opens('/profile/email/confirm?notice=codeSent')
  }),
  inside('a wrong code', 'This code was not taken', async ({ person, opens, browser }) => {
    await browser.post('/profile/email', { email: longEmail, currentPassword: password })
    await opens('/profile/email/confirm')
    await person.enters({ 'Code from the mail': '1111 1111' })
    await person.presses('Confirm')
  }),
  inside('too many codes', 'No further code for now', async ({ person, opens, browser }) => {
    for (let sent = 0; sent < 5; sent++)
      await browser.post('/profile/email', { email: longEmail, currentPassword: password })
    await opens('/profile/email/confirm')
    await person.presses('Send a new code')
  }),
  open('e-mail address to be removed', '/profile/email/remove', 'Remove your e-mail address?'),
  open('code at sign-in without an address', '/profile/sign-in-code', 'Code at sign-in'),
  inside('code at sign-in that is off', 'Code at sign-in', async (visit) => {
    await confirmEmail(visit)
    await visit.opens('/profile/sign-in-code')
  }),
  inside('code at sign-in with the wrong password', 'This password is not right', async (visit) => {
    await confirmEmail(visit)
    await visit.opens('/profile/sign-in-code')
    await visit.person.enters({ 'Your password': 'wrong' })
    await visit.person.presses('Turn it on')
  }),
  inside('code at sign-in that is on', 'Code at sign-in', async (visit) => {
    await confirmEmail(visit)
    await visit.browser.post('/profile/sign-in-code/on', { currentPassword: password })
    await visit.site.service.database.query('update password_proofs set is_full = true')
    await visit.opens('/profile/sign-in-code')
  }),
  open('password', '/profile/password', 'Change your password'),
  inside('password of somebody who proved theirs', 'Change your password', async ({ browser, opens }) => {
    await browser.post('/profile/email', { email: longEmail, currentPassword: password })
    await opens('/profile/password')
  }),
  submit('a password that is too short', '/profile/password', 'Please check what you entered', {
    'New password': 'short',
  }),
  submit('a password with the wrong old one', '/profile/password', 'This password is not right', {
    'Your password': 'wrong',
    'New password': 'a better one for today',
    'New password again': 'a better one for today',
  }),
  open('sessions', '/profile/sessions', 'Where you are signed in'),
  inside('several sessions', 'Where you are signed in', async ({ opens, site, username }) => {
    for (let count = 0; count < 2; count++)
      await site.service.browser().post('/login', { username, password }, { 'user-agent': firefox })
    await opens('/profile/sessions?notice=sessionEnded')
  }),
  inside('events', 'What has happened', async ({ opens, site, username }) => {
    await site.service.database.query(
      `insert into security_events (account_id, kind, happened_at, client_address, user_agent)
       select id, kind, now(), '2001:db8:1234:5678:9abc:def0:1234:5678', $2
       from accounts, unnest(array['signInFailed', 'recoveryFailed', 'passwordSetByOperator']) as kind, generate_series(1, 8)
       where username = $1`,
      [username, firefox],
    )
    await opens('/profile/events')
  }),
  inside('no older events', 'What has happened before', async ({ opens }) => {
    await opens('/profile/events?before=1')
  }),
  open('deletion', '/profile/delete', 'Delete this account?'),
  submit('a deletion that nobody meant', '/profile/delete', 'Nothing was deleted', {}),
]

/** A page as it is first seen. */
function open(title: string, path: string, heading: string): PageState {
  return inside(title, heading, ({ opens }) => opens(path))
}

/** A form as it comes back, filled in and sent. */
function submit(title: string, path: string, heading: string, fields: Record<string, string>): PageState {
  return inside(title, heading, async ({ person, opens }) => {
    await opens(path)
    await person.enters(fields)
    await person.page.locator('main button.primary').click()
  })
}

let people = 0

function inside(title: string, heading: string, reach: (inside: Inside) => Promise<void>): PageState {
  return {
    title,
    heading,
    reach: async (person, site) => {
      const username = `inside${(people += 1)}`
      const browser = site.service.browser()
      const form = { username, password, confirmPassword: password, email: `${username}@example.com` }
      await browser.post('/register', form)
      await savePasskey(browser)
      await site.service.database.query('update profiles set tutorial_finished_at = now()')
      const opens = async (path: string) => {
        const cookies = [...browser.cookies].map(([name, value]) => ({ name, value, url: site.latchkey }))
        await person.page.context().addCookies(cookies)
        await person.opens(site.latchkey + path)
      }
      await reach({ person, browser, opens, site, username })
    },
  }
}

async function confirmEmail({ site, username }: Inside): Promise<void> {
  await site.service.database.query(
    "select set_account_email(id, $1 || '@example.com', $1 || '@example.com', now()) from accounts where username = $1",
    [username],
  )
}
