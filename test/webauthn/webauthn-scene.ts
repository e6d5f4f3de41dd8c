import type { Test } from 'tap'
import { savePasskey } from '../flows/save-passkey.js'
import type { Page, TestBrowser } from '../flows/test-browser.js'
import { startTestService, type TestService } from '../flows/test-service.js'
import {
  SoftwareAuthenticator,
  type CreationOptions,
  type RequestOptions,
  type Whims,
} from './software-authenticator.js'

export const origin = 'https://login.example.com'
export const password = 'correct horse battery'
export const app = 'https://app.example.com/inbox'

const pages = { add: '/profile/passkeys/add', signIn: '/login/webauthn', prove: '/profile/confirm/passkey' }

export type WebauthnScene = { service: TestService; owner: TestBrowser; authenticator: SoftwareAuthenticator }

export function startService(t: Test, settings: Record<string, string> = {}): Promise<TestService> {
  return startTestService(t, {
    PUBLIC_URL: origin,
    ALLOWED_REDIRECT_ORIGINS: new URL(app).origin,
    ...settings,
  })
}

/** A service where Ada has an account, is signed in and has given her password again, and a passkey. */
export async function startWithPasskey(
  t: Test,
  settings: Record<string, string> = {},
  whims: Whims = {},
): Promise<WebauthnScene> {
  const service = await startService(t, settings)
  const owner = await register(service, 'Ada')
  const authenticator = new SoftwareAuthenticator(origin)
  const page = await addPasskey(owner, authenticator, whims)
  t.match(page.location, /^\/profile\/passkeys\/[\da-f-]{36}\?done=added$/)
  return { service, owner, authenticator }
}

/** Makes an account; its browser is signed in and has given the password again. */
export async function register(service: TestService, username: string, email = ''): Promise<TestBrowser> {
  const browser = service.browser()
  await browser.post('/register', { username, password, confirmPassword: password, email })
  await savePasskey(browser)
  await givePassword(browser)
  return browser
}

export function givePassword(browser: TestBrowser, currentPassword = password): Promise<Page> {
  return browser.post('/profile/confirm', { currentPassword })
}

/** What proving again who one is asks for; the browser is signed in. */
export async function askToProve(browser: TestBrowser, query = ''): Promise<RequestOptions> {
  return readOptions(await browser.get(`${pages.prove}${query}`)) as RequestOptions
}

/** Proves again who they are by a passkey; the last page. */
export async function proveByPasskey(
  browser: TestBrowser,
  authenticator: SoftwareAuthenticator,
  whims: Whims = {},
  query = '',
): Promise<Page> {
  const answer = authenticator.get(await askToProve(browser, query), whims)
  return browser.post(`${pages.prove}${query}`, answer)
}

/** What a page asks its browser for. */
export function readOptions({ body }: Page): unknown {
  const [, text = ''] = /data-options="([^"]*)"/.exec(body) ?? []
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'))
}

export async function askToCreate(browser: TestBrowser): Promise<CreationOptions> {
  return readOptions(await browser.get(pages.add)) as CreationOptions
}

export async function addPasskey(
  browser: TestBrowser,
  authenticator: SoftwareAuthenticator,
  whims: Whims = {},
): Promise<Page> {
  return browser.post(pages.add, authenticator.create(await askToCreate(browser), whims))
}

export async function askToSignIn(browser: TestBrowser): Promise<RequestOptions> {
  return readOptions(await browser.get(pages.signIn)) as RequestOptions
}

/** Signs in without a name or a password. */
export async function signInWith(
  browser: TestBrowser,
  authenticator: SoftwareAuthenticator,
  whims: Whims = {},
  query = '',
): Promise<Page> {
  const options = await askToSignIn(browser)
  return browser.post(`${pages.signIn}${query}`, authenticator.get(options, whims))
}

export async function isSignedIn(browser: TestBrowser): Promise<boolean> {
  return (await browser.get('/api/session')).status === 200
}

/** The heading of the notice that a page shows. */
export function noticeOf({ body }: Page): string {
  return /<h2 id="notice-heading">([^<]*)/.exec(body)?.[1] ?? ''
}
