import type { Test } from 'tap'
import { codesIn } from '../flows/authenticator-scene.js'
import type { Page, TestBrowser } from '../flows/test-browser.js'
import type { RequestOptions, SoftwareAuthenticator, Whims } from '../webauthn/software-authenticator.js'
import { password, readOptions, startWithPasskey, type WebauthnScene } from '../webauthn/webauthn-scene.js'

export const stepPath = '/login/passkey-step'
export const switchPath = '/profile/passkeys/second-step'

export type StepScene = WebauthnScene & { recoveryCodes: string[] }

/** A service where Ada has a passkey, and has it asked for after her password. */
export async function startWithStep(t: Test, settings: Record<string, string> = {}): Promise<StepScene> {
  const scene = await startWithPasskey(t, settings)
  const page = await scene.owner.post(`${switchPath}/on`)
  const recoveryCodes = codesIn(page)
  t.equal(recoveryCodes.length, 10)
  return { ...scene, recoveryCodes }
}

export function enterPassword(browser: TestBrowser, query = '', username = 'Ada'): Promise<Page> {
  return browser.post(`/login${query}`, { username, password })
}

/** What the page asks the browser for; the password was entered before. */
export async function askForStep(browser: TestBrowser, query = ''): Promise<RequestOptions> {
  return readOptions(await browser.get(stepPath + query)) as RequestOptions
}

/** Shows a passkey on the page that asks for one. */
export async function showPasskey(
  browser: TestBrowser,
  authenticator: SoftwareAuthenticator,
  whims: Whims = {},
  query = '',
): Promise<Page> {
  return browser.post(stepPath + query, authenticator.get(await askForStep(browser, query), whims))
}
