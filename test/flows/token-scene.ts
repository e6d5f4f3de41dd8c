import type { Test } from 'tap'
import type { Page, TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'

export const password = 'correct horse battery'

/** Like a page's form, but JSON. */
export function send(browser: TestBrowser, path: string, body: object = {}): Promise<Page> {
  const headers = { 'content-type': 'application/json' }
  return browser.send(path, { method: 'POST', body: JSON.stringify(body), headers })
}

export const refresh = (browser: TestBrowser) => send(browser, '/api/token/refresh')

export const refreshToken = ({ cookies }: TestBrowser) => cookies.get('refresh_token') ?? ''

/** A program with this refresh token and nothing else. */
export function holderOf(token: string, { browser }: TestService): TestBrowser {
  const holder = browser()
  holder.cookies.set('refresh_token', token)
  return holder
}

export async function signIn(service: TestService, typed = password): Promise<TestBrowser> {
  const browser = service.browser()
  await send(browser, '/api/login', { username: 'Ada', password: typed })
  return browser
}

/** A service, and a program that has registered there as Ada. */
export async function startWithAda(t: Test, settings: Record<string, string> = {}) {
  const service = await startTestService(t, settings)
  const owner = service.browser()
  const registered = await send(owner, '/api/register', { username: 'Ada', password })
  const { newPasskey } = JSON.parse(registered.body) as { newPasskey: string }
  return { service, owner, passkey: newPasskey }
}

export async function countTokens({ database }: TestService): Promise<number> {
  return (await database.query('select from refresh_tokens')).rowCount ?? 0
}
