import type { Test } from 'tap'
import { savePasskey } from './save-passkey.js'
import { startTestService, type TestService } from './test-service.js'
import type { Page, TestBrowser } from './test-browser.js'

export const password = 'correct horse battery'
export const newPassword = 'staple battery horse'
export const email = 'ada@example.com'

/** As `setQuestions` chooses and answers them. */
export const answers = ['Metropolis', 'Spätzle', 'Herr Ötzi'] as const

export type Scene = {
  service: TestService
  /** Ada's browser, signed in. */
  owner: TestBrowser
  passkey: string
}

/** A service with one account, Ada's, whose passkey is saved and whose address is confirmed. */
export async function startWithAda(t: Test, settings: Record<string, string> = {}): Promise<Scene> {
  const service = await startTestService(t, {
    FAILED_ATTEMPTS_PER_ADDRESS: '1000000',
    ALLOWED_REDIRECT_ORIGINS: 'https://app.example.com',
    ...settings,
  })
  const owner = service.browser()
  await owner.post('/register', { username: 'Ada', password, confirmPassword: password, email })
  const passkey = await savePasskey(owner)
  await service.database.query('update accounts set email_confirmed_at = now()')
  return { service, owner, passkey }
}

/** Sets up the three questions, with the password as sudo mode asks for it. */
export function setQuestions(browser: TestBrowser, typed: readonly string[] = answers): Promise<Page> {
  return browser.post('/profile/questions', {
    question1: 'firstFilm',
    answer1: typed[0] ?? '',
    question2: 'firstDish',
    answer2: typed[1] ?? '',
    question3: 'firstBoss',
    answer3: typed[2] ?? '',
    currentPassword: password,
  })
}

/** Gives the name; the browser holds a recovery then. */
export function begin(browser: TestBrowser, username = 'Ada', query = ''): Promise<Page> {
  return browser.post(`/recover${query}`, { username })
}

/** Tries a passkey or a code. */
export function prove(
  browser: TestBrowser,
  method: 'passkey' | 'email' | 'code',
  proof: string,
): Promise<Page> {
  return browser.post(`/recover/${method}`, { username: 'Ada', proof })
}

/** Answers the questions one after the other; the page after the last. */
export async function answer(browser: TestBrowser, typed: readonly string[] = answers): Promise<Page> {
  for (const [index, proof] of typed.slice(0, -1).entries())
    await browser.post(`/recover/questions/${index + 1}`, { proof })
  return browser.post('/recover/questions/3', { proof: typed.at(-1) ?? '' })
}

/** A new browser that is asked the last question next. */
export async function reachLastQuestion(service: TestService): Promise<TestBrowser> {
  const browser = service.browser()
  await begin(browser)
  for (const number of [1, 2]) await browser.post(`/recover/questions/${number}`, { proof: 'wrong' })
  return browser
}

/** Sets the new password. */
export function reset(browser: TestBrowser, typed = newPassword, query = ''): Promise<Page> {
  return browser.post(`/recover/reset${query}`, { password: typed, confirmPassword: typed })
}

export function signIn(browser: TestBrowser, typed: string): Promise<Page> {
  return browser.post('/login', { username: 'Ada', password: typed })
}
