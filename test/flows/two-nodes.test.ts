import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { DatabaseConnection } from '../../src/database/database.js'
import { createTestDatabase } from '../database/test-database.js'
import { until } from '../database/until.js'
import { runService, type RunningService } from './running-service.js'
import { TestBrowser } from './test-browser.js'

const password = 'correct horse battery'
const { connection, database } = await createTestDatabase(t)

function toUrl(to: DatabaseConnection): string {
  if ('connectionString' in to) return to.connectionString
  return `postgres://${to.user}@/${to.database}?host=${encodeURIComponent(to.host)}&port=${to.port}`
}

const runNode = (t: Test) =>
  runService(t, {
    PASSWORD_HASH_MEMORY_KIB: '7168',
    PASSWORD_HASH_ITERATIONS: '1',
    DATABASE_URL: toUrl(connection),
  })

/** A browser with the same cookies, which keeps them when the other loses them. */
function twin({ cookies, origin }: TestBrowser, at = origin): TestBrowser {
  const browser = new TestBrowser(at)
  for (const [name, value] of cookies) browser.cookies.set(name, value)
  return browser
}

async function isSignedIn({ origin }: RunningService, browser: TestBrowser): Promise<boolean> {
  return (await twin(browser, origin).get('/api/session')).status === 200
}

let people = 0
async function register({ origin }: RunningService): Promise<TestBrowser> {
  const browser = new TestBrowser(origin)
  people += 1
  await browser.post('/register', { username: `person${people}`, password, confirmPassword: password })
  return browser
}

/** Waits until a node answers without asking the database, which counts its scans of the table. */
async function untilRemembered(node: RunningService, browser: TestBrowser): Promise<void> {
  await until(async () => {
    for (let round = 0; round < 5; round += 1) await isSignedIn(node, browser)
    const before = await scans()
    for (let round = 0; round < 20; round += 1) await isSignedIn(node, browser)
    return (await scans()) - before < 10
  })
}

async function scans(): Promise<number> {
  // Backends report what they have done at most once a second.
  await pause(1100)
  const { rows } = await database.query<{ scans: string }>(
    "select idx_scan as scans from pg_stat_user_indexes where indexrelname = 'sessions_token_hash_key'",
  )
  return Number(rows[0]?.scans)
}

t.test('two processes: a session ended at one is refused by the other within 100 ms', async (t) => {
  const [one, two] = await Promise.all([runNode(t), runNode(t)])
  const first = await register(one)
  await untilRemembered(two, first)
  const times: number[] = []
  for (let round = 0; round < 20; round += 1) {
    const browser = await register(one)
    for (let visit = 0; visit < 3; visit += 1) t.ok(await isSignedIn(two, browser))
    await twin(browser).post('/logout')
    const ended = performance.now()
    t.notOk(await isSignedIn(one, browser), 'at once where it was ended')
    await until(async () => !(await isSignedIn(two, browser)))
    times.push(performance.now() - ended)
  }
  const sorted = times.toSorted((one, other) => one - other)
  const [typical = NaN, worst = NaN] = [sorted[sorted.length >> 1], sorted.at(-1)]
  t.comment(
    `refused by the other process after ${typical.toFixed(1)} ms, at worst ${worst.toFixed(1)} ms, two requests included`,
  )
  t.ok(typical < 100)
  t.ok(worst < 1000, 'also on a machine that is busy with other tests')
  for (const node of [one, two]) t.equal(await node.end('SIGTERM'), 0)
})
