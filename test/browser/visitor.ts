import type { Test } from 'tap'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

const noComplaints = [
  /^Failed to load resource: the server responded with a status of \d+/,
  // Chromium says so now and then of forms that have one; `checkState` looks for it in every form.
  /^\[DOM\] Password forms should have \(optionally hidden\) username fields/,
  // Whoever presses a button before the browser has put the focus into a field is not taken away from it.
  /^Autofocus processing was blocked/,
]

/** A person at a browser window: reads headings, fills fields by their labels, clicks what has a name. */
export class Visitor {
  readonly page: Page
  /** What the browser complained of, refusals by the Content-Security-Policy included; no mere status codes. */
  readonly complaints: string[] = []
  /** Every address the window asked for. */
  readonly requests: { method: string; url: string }[] = []

  constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(15_000)
    page.on('pageerror', (error) => this.complaints.push(String(error)))
    page.on('request', (request) => this.requests.push({ method: request.method(), url: request.url() }))
    page.on('console', (message) => {
      if (message.type() === 'log' || noComplaints.some((pattern) => pattern.test(message.text()))) return
      this.complaints.push(`${message.text()} (${message.location().url || page.url()})`)
    })
  }

  async opens(url: string): Promise<void> {
    await this.page.goto(url)
  }

  /** Waits for the page with this heading. */
  async sees(heading: string): Promise<void> {
    await this.page.getByRole('heading', { name: heading, exact: true }).waitFor()
  }

  async reads(): Promise<string> {
    return this.page.locator('main').innerText()
  }

  async follows(link: string): Promise<void> {
    await this.page.getByRole('link', { name: link, exact: true }).click()
  }

  async presses(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click()
  }

  async enters(fields: Record<string, string>): Promise<void> {
    for (const [label, text] of Object.entries(fields)) {
      await this.page.getByLabel(label, { exact: true }).fill(text)
    }
  }

  /** Sees the recovery passkey of a new account, saves it, and leaves the profile for later. */
  async savesPasskey(): Promise<void> {
    await this.sees('Your recovery passkey')
    await this.presses('I have saved it')
    await this.sees('Would you like to update your profile now?')
    await this.follows('Maybe later')
  }

  /** Leaves the tour that begins on the first visit, where there is JavaScript. */
  async skipsTour(): Promise<void> {
    await this.presses('Skip')
    await this.page.locator('dialog:not([data-first-visit])').waitFor({ state: 'attached' })
  }

  /** A second window of the same browser. */
  async opensTab(): Promise<Visitor> {
    return new Visitor(await this.page.context().newPage())
  }
}

/** Opens a window of a browser that has never been here. */
export async function visit(
  t: Test,
  chromium: Browser,
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context: BrowserContext = await chromium.newContext(options)
  t.teardown(() => context.close())
  return new Visitor(await context.newPage())
}
