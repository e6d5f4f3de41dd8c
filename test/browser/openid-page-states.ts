import { savePasskey } from '../flows/save-passkey.js'
import { TestBrowser } from '../flows/test-browser.js'
import { readLinkPath } from '../openid-sign-in/openid-scene.js'
import type { Forgery, StandInProvider } from '../openid-sign-in/stand-in-provider.js'
import type { PageState } from './page-states.js'
import { password, type ServiceWithApp } from './service-with-app.js'
import type { Visitor } from './visitor.js'

let people = 0

type There = {
  person: Visitor
  site: ServiceWithApp
  /** What the window does too, without a window. */ browser: TestBrowser
  /** Sets out from this path, and comes back as somebody nobody has seen before. */
  comesBackFrom: (path: string, forgery?: Forgery) => Promise<string>
  /** Opens a page in the window, which holds the cookies of `browser`. */
  opens: (path: string) => Promise<void>
}

/** The pages around another service, here a stand-in that says what it is told to. */
export function openidPageStates(provider: StandInProvider): PageState[] {
  const state = (title: string, heading: string, reach: (there: There) => Promise<void>): PageState => ({
    title,
    heading,
    reach: async (person, site) => {
      const browser = new TestBrowser(site.latchkey)
      const sub = `person-${(people += 1)}`
      const opens = async (path: string) => {
        const cookies = [...browser.cookies].map(([name, value]) => ({ name, value, url: site.latchkey }))
        await person.page.context().addCookies(cookies)
        await person.opens(new URL(path, site.latchkey).href)
      }
      const comesBackFrom = async (path: string, forgery: Forgery = {}) => {
        const { location } = await browser.get(path)
        const claims = (right: object) => ({ ...right, sub, email: `${sub}@example.com` })
        return (await provider.issueCode(location, { claims, ...forgery })).href
      }
      await reach({ person, site, browser, opens, comesBackFrom })
    },
  })
  const newcomer = (there: There, app = '') =>
    there.comesBackFrom(`/login/openid${app}`).then((back) => there.opens(back))
  return [
    state('login with another service', 'Sign in', ({ opens }) => opens('/login')),
    state('register with another service', 'Create an account', ({ opens }) => opens('/register')),
    state('a newcomer chooses a username', 'Choose a username', (there) => newcomer(there)),
    state('a newcomer chooses none', 'Please check what you entered', async (there) => {
      await newcomer(there, `?redirectUrl=${encodeURIComponent(there.site.app)}`)
      await there.person.enters({ Username: '', 'E-mail address (optional)': 'nonsense' })
      await there.person.presses('Create account')
    }),
    state('a newcomer wants a name that is taken', 'This username is taken', async (there) => {
      await register(there)
      there.browser.cookies.clear()
      await newcomer(there)
      await there.person.enters({ Username: `registered${people}` })
      await there.person.presses('Create account')
    }),
    state('an answer that is not accepted', 'The answer of Stand-in was not accepted', async (there) => {
      await there.opens(await there.comesBackFrom('/login/openid', { token: () => null }))
    }),
    state('an answer that nobody set out for', 'Please start again', ({ opens }) =>
      opens('/login/openid/callback?code=a&state=b'),
    ),
    state('who did not go on', 'You did not go on with Stand-in', async ({ browser, opens }) => {
      const { searchParams } = new URL((await browser.get('/login/openid')).location ?? '')
      await opens(`/login/openid/callback?error=access_denied&state=${searchParams.get('state')}`)
    }),
    state('confirm that it is you', 'Confirm that it is you', async (there) => {
      await arrive(there)
      await there.opens('/profile/delete')
    }),
    state(
      'a proof without its time',
      'Stand-in does not say that you have just signed in there',
      async (there) => {
        await arrive(there)
        await there.opens(await there.comesBackFrom('/profile/confirm/openid?redirectUrl=/profile/delete'))
      },
    ),
    state('linked, without a password', 'Other ways to sign in', async (there) => {
      await arrive(there)
      await there.opens('/profile/openid')
    }),
    state('not linked', 'Other ways to sign in', async (there) => {
      await register(there)
      await there.opens('/profile/openid')
    }),
    state('not linked, and a wrong password', 'This password is not right', async (there) => {
      await register(there)
      await there.opens('/profile/openid')
      await there.person.follows('Confirm that it is you')
      await there.person.enters({ 'Your password': 'nope' })
      await there.person.presses('Continue')
    }),
    state('may link', 'Other ways to sign in', async (there) => {
      await register(there)
      await there.browser.post('/profile/confirm', { currentPassword: password })
      await there.opens('/profile/openid')
    }),
    state('linked, with a password', 'Other ways to sign in', async (there) => {
      await register(there)
      await there.browser.post('/profile/confirm', { currentPassword: password })
      await there.browser.get(await there.comesBackFrom(await readLinkPath(there.browser)))
      await there.opens('/profile/openid')
    }),
    state('profile of who is linked', 'Your profile', async (there) => {
      await arrive(there)
      await there.opens('/profile?notice=identityLinked')
    }),
    state('an identity that is in use', 'This account at Stand-in is in use', async (there) => {
      await arrive(there)
      there.browser.cookies.clear()
      await register(there)
      await there.browser.post('/profile/confirm', { currentPassword: password })
      await there.opens(await there.comesBackFrom(await readLinkPath(there.browser)))
    }),
    // Last: its word of itself is forgotten by then, and the provider with it.
    state('a provider that is away', 'Stand-in cannot be reached right now', async ({ site, opens }) => {
      site.service.passSeconds(3601)
      provider.fail(500)
      await opens('/login/openid')
    }),
  ]
}

async function arrive({ browser, comesBackFrom, site }: There): Promise<void> {
  const back = await browser.get(await comesBackFrom('/login/openid'))
  await browser.post(back.location ?? '', { username: `arrived${people}` })
  await settle(browser, site)
}

async function register({ browser, site }: There): Promise<void> {
  const username = `registered${people}`
  await browser.post('/register', { username, password, confirmPassword: password })
  await settle(browser, site)
}

async function settle(browser: TestBrowser, site: ServiceWithApp): Promise<void> {
  await savePasskey(browser)
  await site.service.database.query('update profiles set tutorial_finished_at = now()')
}
