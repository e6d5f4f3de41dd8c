import type { Test } from 'tap'
import { codeIn } from '../mail/code-in.js'
import { openMailbox, type Mailbox } from '../mail/mailbox.js'
import { email, password } from './recovery-scene.js'
import { savePasskey } from './save-passkey.js'
import type { Page, TestBrowser } from './test-browser.js'
import { startTestService, type TestService } from './test-service.js'

export type CodeScene = {
  service: TestService
  mailbox: Mailbox
  /** Where Ada registered: signed in, and known to her account. */
  owner: TestBrowser
}

/** A service that asks for codes, with a mail server and one account, Ada's, whose address is confirmed. */
export async function startWithCodes(t: Test, settings: Record<string, string> = {}): Promise<CodeScene> {
  const mailbox = await openMailbox(t)
  const service = await startTestService(t, {
    FAILED_ATTEMPTS_PER_ADDRESS: '1000000',
    ALLOWED_REDIRECT_ORIGINS: 'https://app.example.com',
    EMAIL_OTP: 'optional',
    SMTP_URL: mailbox.url,
    ...settings,
  })
  const owner = service.browser()
  await owner.post('/register', { username: 'Ada', password, confirmPassword: password, email })
  await savePasskey(owner)
  await service.database.query('update accounts set email_confirmed_at = now()')
  return { service, mailbox, owner }
}

/** The same, and Ada has turned the code on in her profile. */
export async function startWithCodeOn(t: Test, settings: Record<string, string> = {}): Promise<CodeScene> {
  const scene = await startWithCodes(t, settings)
  const page = await scene.owner.post('/profile/sign-in-code/on', { currentPassword: password })
  t.equal(page.location, '/profile?notice=signInCodeOn')
  await scene.mailbox.letterTo(email)
  return scene
}

/** Enters the right password; the code that is mailed for it. */
export async function enterPassword(
  { mailbox }: Pick<CodeScene, 'mailbox'>,
  browser: TestBrowser,
  query = '',
): Promise<string> {
  const page = await browser.post(`/login${query}`, { username: 'Ada', password })
  if (page.location !== `/login/code${query}`) throw new Error(`no code is asked for: ${page.location}`)
  return codeIn(await mailbox.letterTo(email))
}

export function enterCode(
  browser: TestBrowser,
  code: string,
  { query = '', trust = false }: { query?: string; trust?: boolean } = {},
): Promise<Page> {
  return browser.post(`/login/code${query}`, { username: 'Ada', code, ...(trust ? { trust: 'yes' } : {}) })
}

/** Proves again who they are, by the password and the code that is mailed for it; the last page. */
export async function proveByCode(
  { mailbox }: Pick<CodeScene, 'mailbox'>,
  browser: TestBrowser,
  query = '',
): Promise<Page> {
  const page = await browser.post(`/profile/confirm${query}`, { currentPassword: password })
  if (page.location !== `/profile/confirm/code${query}`)
    throw new Error(`no code is asked for: ${page.location}`)
  const code = codeIn(await mailbox.letterTo(email))
  return browser.post(`/profile/confirm/code${query}`, { username: 'Ada', code })
}

/** A code that is not this one. */
export function otherThan(code: string): string {
  return code === '123456' ? '654321' : '123456'
}

export async function isSignedIn(browser: TestBrowser): Promise<boolean> {
  return (await browser.get('/api/session')).status === 200
}
