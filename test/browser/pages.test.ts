import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Request } from 'playwright-core'
import type { Test } from 'tap'
import { pageStates, type PageState } from './page-states.js'
import { addAccount, password, startServiceWithApp, type ServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit, type Visitor } from './visitor.js'

const bytesAllowed = 30_000
const wide = { width: 1280, height: 800 }
/** Colours hang on the scheme alone and sizes on the width alone: two runs of axe see all four. */
const looks = [
  ['light', { width: 320, height: 640 }],
  ['dark', wide],
] as const
/** Besides what axe runs by itself: rules it keeps switched off or calls experimental. */
const furtherRules = ['target-size', 'label-content-name-mismatch', 'focus-order-semantics', 'p-as-heading']

inChromium(
  'every page in every state pleases axe, fits, is light and speaks to nobody else',
  async (t, chromium) => {
    // No mail gets there; but recovery by mail is offered.
    const site = await startServiceWithApp(t, { SMTP_URL: 'smtp://127.0.0.1:9' })
    await addAccount(site.service, 'Ada')
    for (const state of pageStates) await t.test(state.title, (t) => checkState(t, chromium, site, state))
  },
)

inChromium('so do a merged refusal and a busy service with a long name', async (t, chromium) => {
  const site = await startServiceWithApp(t, {
    SERVICE_NAME: `The sign-in of the ${'Donaudampfschifffahrts'.repeat(3)}gesellschaft`,
    REVEAL_ACCOUNT_EXISTENCE: 'false',
    PASSWORD_HASH_ITERATIONS: '64',
    PASSWORD_HASH_MEMORY_KIB: '19456',
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
  })
  const tryToSignIn = async (person: Visitor) => {
    await person.opens(`${site.latchkey}/login`)
    await person.enters({ 'Username or e-mail address': 'Nobody', Password: password })
    await person.presses('Sign in')
  }
  const merged = { title: 'merged', heading: 'The name or the password is not right', reach: tryToSignIn }
  await t.test('merged refusal', (t) => checkState(t, chromium, site, merged))
  const others: Promise<unknown>[] = []
  const reach = async (person: Visitor) => {
    for (let i = 0; i < 8; i++)
      others.push(site.service.browser().post('/login', { username: 'x', password }))
    await tryToSignIn(person)
  }
  const busy = { title: 'busy', heading: 'Just a moment, please', reach }
  await t.test('busy', (t) => checkState(t, chromium, site, busy))
  await Promise.all(others)
})

async function checkState(
  t: Test,
  chromium: Browser,
  site: ServiceWithApp,
  { heading, reach }: PageState,
): Promise<void> {
  const person = await visit(t, chromium, { viewport: wide, reducedMotion: 'reduce' })
  const { page } = person
  const requests: Request[] = []
  page.on('request', (request) => {
    if (request.isNavigationRequest()) requests.length = 0
    requests.push(request)
  })
  await reach(person, site)
  await person.sees(heading)
  await page.waitForLoadState()
  t.ok(requests.length >= 3, 'the page, its styles and its script')
  let bytes = 0
  for (const request of requests) {
    t.ok(request.url().startsWith(`${site.latchkey}/`), request.url())
    // Counted whole, also what the browser had kept from the page before.
    bytes += (await (await request.response())?.body())?.length ?? 0
  }
  t.ok(bytes > 5000 && bytes < bytesAllowed, `${bytes} bytes`)

  for (const [colorScheme, viewport] of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    const { violations } = await new AxeBuilder({ page })
      .options({ rules: Object.fromEntries(furtherRules.map((rule) => [rule, { enabled: true }])) })
      // One run in the page itself: there are no frames, and a window for each report takes longer than the report.
      .setLegacyMode()
      .analyze()
    const faults = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))
    t.strictSame(faults, [], `${colorScheme}, ${viewport.width} px`)
  }

  await t.test('nothing is cut or wider than the window', async (t) => {
    for (const [width, textSize] of [
      [320, 100],
      [wide.width / 2, 100],
      [wide.width / 2, 200],
    ] as const) {
      await page.setViewportSize({ width, height: 400 })
      await page.evaluate(`document.documentElement.style.fontSize = '${textSize}%'`)
      t.strictSame(await page.evaluate(findCutElements), [], `${width} px, text at ${textSize} %`)
    }
  })
  t.match(await page.title(), / · /)
  t.strictSame(person.complaints, [])
}

/** Run in the page. */
const findCutElements = `[...document.querySelectorAll('html, body *:not(input, option)')]
  .filter((element) => element.scrollWidth > element.clientWidth && getComputedStyle(element).display !== 'inline')
  .map((element) => element.outerHTML.slice(0, 100))`
