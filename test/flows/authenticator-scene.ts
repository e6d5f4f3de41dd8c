import type { Test } from 'tap'
import { stepAt, totpCode } from '../../src/authenticator-app/totp.js'
import { password } from './recovery-scene.js'
import { startWithCodes, type CodeScene } from './sign-in-code-scene.js'
import type { Page, TestBrowser } from './test-browser.js'
import type { TestService } from './test-service.js'

export type AppScene = CodeScene & { phone: Phone; recoveryCodes: string[] }

const base32Symbols = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An authenticator app, by the clock of the services that it goes with. */
export class Phone {
  /** As a page shows it. */ readonly key: string
  readonly #secret: Buffer
  readonly #services: readonly TestService[]
  #passedSeconds: number

  constructor(key: string, services: readonly TestService[], passedSeconds = 0) {
    this.key = key
    const bits = Array.from(key, (each) => base32Symbols.indexOf(each).toString(2).padStart(5, '0')).join('')
    this.#secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
    this.#services = services
    this.#passedSeconds = passedSeconds
  }

  passSeconds(seconds: number): void {
    this.#passedSeconds += seconds
    for (const service of this.#services) service.passSeconds(seconds)
  }

  /** What it shows now, or showed or will show so many steps from now. */
  code(steps = 0): string {
    return totpCode(this.#secret, stepAt(new Date(Date.now() + this.#passedSeconds * 1000)) + steps)
  }

  /** Waits for the next one, which was not used yet. */
  nextCode(): string {
    this.passSeconds(30)
    return this.code()
  }
}

/** The key that is written below the QR code. */
export function keyIn({ body }: Page): string {
  const [, text = ''] = /<code class="key">(.*)<\/code>/.exec(body) ?? []
  return text.replaceAll(/<.*?>/g, '')
}

/** The recovery codes that a page shows. */
export function codesIn({ body }: Page): string[] {
  return [...body.matchAll(/<li><code>([A-Z0-9-]+)<\/code><\/li>/g)].map(([, code = '']) => code)
}

/** Sets an app up in the profile, with the pages that came. */
export async function setUpApp(
  browser: TestBrowser,
  services: readonly TestService[],
): Promise<{ phone: Phone; recoveryCodes: string[] }> {
  await browser.post('/profile/authenticator/begin', { currentPassword: password })
  const phone = new Phone(keyIn(await browser.get('/profile/authenticator/set-up')), services)
  const page = await browser.post('/profile/authenticator/set-up', { code: phone.code() })
  return { phone, recoveryCodes: codesIn(page) }
}

/** A service with a mail server and one account, Ada's, who has set up an authenticator app. */
export async function startWithApp(t: Test, settings: Record<string, string> = {}): Promise<AppScene> {
  const scene = await startWithCodes(t, { EMAIL_OTP: 'off', ...settings })
  const app = await setUpApp(scene.owner, [scene.service])
  t.equal(app.recoveryCodes.length, 10)
  await scene.mailbox.letterTo('ada@example.com')
  return { ...scene, ...app }
}

/** Enters the right password, for which the code of the app is asked. */
export async function enterPasswordForApp(browser: TestBrowser, query = ''): Promise<void> {
  const page = await browser.post(`/login${query}`, { username: 'Ada', password })
  if (page.location !== `/login/authenticator${query}`)
    throw new Error(`no app is asked for: ${page.location}`)
}

export function enterAppCode(
  browser: TestBrowser,
  code: string,
  { query = '', trust = false }: { query?: string; trust?: boolean } = {},
): Promise<Page> {
  return browser.post(`/login/authenticator${query}`, {
    username: 'Ada',
    code,
    ...(trust ? { trust: 'yes' } : {}),
  })
}

/** Proves again who they are, by the password and the code of the app; the last page. */
export async function proveByApp(browser: TestBrowser, code: string, query = ''): Promise<Page> {
  const page = await browser.post(`/profile/confirm${query}`, { currentPassword: password })
  if (page.location !== `/profile/confirm/authenticator${query}`)
    throw new Error(`no app is asked for: ${page.location}`)
  return browser.post(`/profile/confirm/authenticator${query}`, { username: 'Ada', code })
}

export function enterRecoveryCode(browser: TestBrowser, code: string, query = ''): Promise<Page> {
  return browser.post(`/login/recovery-code${query}`, { username: 'Ada', code })
}
