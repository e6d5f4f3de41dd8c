import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Request } from 'playwright-core'
import type { Test } from 'tap'
import type { PageState } from './page-states.js'
import type { ServiceWithApp } from './service-with-app.js'
import { visit } from './visitor.js'

const bytesAllowed = 30_000
const wide = { width: 1280, height: 800 }
/** Colours hang on the scheme alone and sizes on the width alone: two runs of axe see all four. */
const looks = [
  ['light', { width: 320, height: 640 }],
  ['dark', wide],
] as const
const namelessPasswordForm =
  'form:has(input[type="password"]):not(:has(input[type="text"][autocomplete~="username"]))'
/** Besides what axe runs by itself: rules it keeps switched off or calls experimental. */
const furtherRules = ['target-size', 'label-content-name-mismatch', 'focus-order-semantics', 'p-as-heading']

/** Whether a page pleases axe, fits into small and large windows, is light and speaks to nobody else. */
export async function checkState(
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
    const response = await request.response()
    // Only a late request of the page before has lost its answer; this page needs all of its own.
    const body = request.isNavigationRequest() ? response?.body() : response?.body().catch(() => null)
    bytes += (await body)?.length ?? 0
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
  t.equal(await page.locator(namelessPasswordForm).count(), 0, 'password managers learn whose password it is')
  t.strictSame(person.complaints, [])
}

/** Run in the page. */
const findCutElements = `[...document.querySelectorAll('html, body *:not(input, option)')]
  .filter((element) => element.scrollWidth > element.clientWidth && getComputedStyle(element).display !== 'inline')
  .map((element) => element.outerHTML.slice(0, 100))`
