import { existsSync } from 'node:fs'
import t, { type Test } from 'tap'
import { chromium, type Browser } from 'playwright-core'

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const path = process.env['CHROMIUM_PATH'] ?? usualPaths.find((usual) => existsSync(usual))
let running: Promise<Browser> | undefined

// One line for a whole file: a newcomer without a browser has the rest to read.
if (path === undefined) {
  const advice = 'no Chromium here: apt-get install chromium, or set CHROMIUM_PATH'
  if (process.env['CI'] === 'true') t.fail(advice)
  else t.plan(0, advice)
}

/**
 * A test in a real Chromium, shared by the tests of one file. Where there is none the file is skipped and says what to
 * install; with `CI=true` it fails.
 *
 * @param words further words of the command line, the same in all tests of a file
 */
export function inChromium(
  title: string,
  tell: (t: Test, chromium: Browser) => Promise<void>,
  words: readonly string[] = [],
): void {
  if (path !== undefined) t.test(title, async (t) => tell(t, await (running ??= launch(words))))
}

async function launch(words: readonly string[]): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: path ?? '',
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...words,
    ],
  })
  t.teardown(() => browser.close())
  return browser
}
