import type { Test } from 'tap'
import type { TestBrowser, Page } from '../flows/test-browser.js'
import { startTestService, type TestService } from '../flows/test-service.js'
import { signInThere, startRealProvider, type RealProvider } from './real-provider.js'

export const app = 'https://app.example.com'
export const password = 'correct horse battery'

export type OpenidScene = { service: TestService; provider: RealProvider }

/** A service that people can sign in to by a real OpenID provider. */
export async function startWithProvider(
  t: Test,
  settings: Record<string, string> = {},
): Promise<OpenidScene> {
  const provider = await startRealProvider(t)
  const service = await startTestService(t, {
    ALLOWED_REDIRECT_ORIGINS: app,
    ...provider.settings,
    ...settings,
  })
  provider.admit(service.origin)
  return { service, provider }
}

/** Follows "Continue with Example ID", or another way there, and comes back; the answer to that. */
export async function comeBackAs(
  { provider }: OpenidScene,
  browser: TestBrowser,
  login: string,
  { path = '/login/openid', there = provider.browser() }: { path?: string; there?: TestBrowser } = {},
): Promise<Page> {
  const out = await browser.get(path)
  return browser.get(await signInThere(there, out.location, login))
}

/** Where the button leads that links an identity; empty where there is none. */
export async function readLinkPath(browser: TestBrowser, page = '/profile/openid'): Promise<string> {
  const { body } = await browser.get(page)
  const [, path = ''] = /href="(\/profile\/openid\/link\?mark=[\w-]{22}[^"]*)"/.exec(body) ?? []
  return path.replaceAll('&amp;', '&')
}

/** Makes an account by the provider; its browser is signed in and has saved nothing yet. */
export async function arriveAs(scene: OpenidScene, username: string, login = username): Promise<TestBrowser> {
  const browser = scene.service.browser()
  await comeBackAs(scene, browser, login)
  await browser.post('/login/openid/username', { username })
  return browser
}

export async function isSignedIn(browser: TestBrowser): Promise<boolean> {
  return (await browser.get('/api/session')).status === 200
}
