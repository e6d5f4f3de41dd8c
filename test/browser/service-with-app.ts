import type { Test } from 'tap'
import { savePasskey } from '../flows/save-passkey.js'
import { startTestService, type TestService } from '../flows/test-service.js'
import { startSiblingApp } from '../sibling-app/sibling-app.js'

export type ServiceWithApp = {
  /** Origin of Latchkey, on `localhost`, whose cookies all ports share. */
  latchkey: string
  /** Origin of an app that is allowed as a destination. */
  app: string
  service: TestService
}

/** Starts Latchkey and a sibling app that it sends people back to. */
export async function startServiceWithApp(
  t: Test,
  settings: Record<string, string> = {},
): Promise<ServiceWithApp> {
  let latchkey = ''
  const app = await startSiblingApp({ port: 0, latchkeyOrigin: () => latchkey })
  t.teardown(() => app.close())
  const service = await startTestService(t, { ALLOWED_REDIRECT_ORIGINS: app.origin, ...settings })
  latchkey = service.origin.replace('127.0.0.1', 'localhost')
  return { latchkey, app: app.origin, service }
}

/** A password nobody minds. */
export const password = 'correct horse battery'

/** Makes an account without a browser; its owner has saved the recovery passkey. */
export async function addAccount(service: TestService, username: string): Promise<void> {
  const browser = service.browser()
  await browser.post('/register', { username, password, confirmPassword: password })
  await savePasskey(browser)
}
