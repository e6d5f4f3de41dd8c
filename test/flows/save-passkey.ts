import type { Page, TestBrowser } from './test-browser.js'

/** The recovery passkey that a page shows, and how its form names it; empty where there is none. */
export function readPasskey({ body }: Page): { passkey: string; mark: string } {
  const [, html = ''] = /<code class="passkey"[^>]*>([^]*?)<\/code>/.exec(body) ?? []
  const [, mark = ''] = /name="mark" value="([^"]*)"/.exec(body) ?? []
  return { passkey: html.replaceAll(/<[^>]*>/g, ''), mark }
}

/** Looks at the recovery passkey that is due, and says that it is saved; returns it. */
export async function savePasskey(browser: TestBrowser): Promise<string> {
  const { passkey, mark } = readPasskey(await browser.get('/recovery-passkey'))
  await browser.post('/recovery-passkey', { mark })
  return passkey
}
