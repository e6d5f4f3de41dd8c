import { Provider } from 'oidc-provider'
import type { Test } from 'tap'
import { TestBrowser, type Page } from '../flows/test-browser.js'
import { openLocalServer } from './local-server.js'

const clientId = 'latchkey'
const clientSecret = 'a secret of the client that nobody minds'

export type RealProvider = {
  issuer: string
  /** For Latchkey to use it. */
  settings: Record<string, string>
  /** Lets Latchkey's browsers come back there. */
  admit: (origin: string) => void
  /** A person's browser, as it is seen there. */
  browser: () => TestBrowser
}

/** Starts an OpenID provider, `oidc-provider`, whose people are whoever they say they are. */
export async function startRealProvider(t: Test): Promise<RealProvider> {
  const server = await openLocalServer(t)
  const admit = (origin: string) => {
    const provider = new Provider(server.origin, {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [`${origin}/login/openid/callback`],
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
      conformIdTokenClaims: false,
      cookies: { keys: ['keys of the tests'] },
      findAccount: (_context: unknown, id: string) => ({
        accountId: id,
        claims: () => ({
          sub: id,
          email: `${id}@mail.example`,
          email_verified: true,
          preferred_username: id,
        }),
      }),
    })
    server.answerBy(provider.callback())
  }
  return {
    issuer: server.origin,
    settings: {
      OPENID_ISSUER: server.origin,
      OPENID_CLIENT_ID: clientId,
      OPENID_CLIENT_SECRET: clientSecret,
      OPENID_NAME: 'Example ID',
    },
    admit,
    browser: () => new TestBrowser(server.origin),
  }
}

/**
 * Does at the provider what a person does there: says who they are where they are asked, and agrees.
 *
 * @param address where Latchkey has sent the browser
 * @returns the address that it is sent back to
 */
export async function signInThere(
  there: TestBrowser,
  address: string | null,
  login: string,
): Promise<string> {
  let page = await there.get(address ?? '')
  for (let step = 0; step < 20; step++) {
    const { location } = page
    if (location !== null && !new URL(location, there.origin).href.startsWith(there.origin)) return location
    page = location === null ? await answerForm(there, page, login) : await there.get(location)
  }
  throw new Error(`the provider goes round in circles: ${page.body}`)
}

function answerForm(there: TestBrowser, { status, body }: Page, login: string): Promise<Page> {
  const [, action] = /<form[^>]* action="([^"]*)"/.exec(body) ?? []
  if (action === undefined) throw new Error(`the provider asks nothing: ${status} ${body}`)
  const isLogin = body.includes('name="login"')
  return there.post(action, isLogin ? { prompt: 'login', login, password: 'any' } : { prompt: 'consent' })
}
