import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createTestDatabase } from '../database/test-database.js'
import { runService } from '../flows/running-service.js'
import { TestBrowser } from '../flows/test-browser.js'
import { until } from '../database/until.js'
import { databaseUrl, quickHashing, runCommand } from './run-command.js'

const app = 'https://app.example.com'
const destination = `/login?redirectUrl=${encodeURIComponent(`${app}/inbox`)}`

t.test('lists, allows and removes origins beside those of the setting', async (t) => {
  const { connection } = await createTestDatabase(t)
  const settings = {
    DATABASE_URL: databaseUrl(connection),
    ALLOWED_REDIRECT_ORIGINS: 'https://set.example.com https://both.example.com',
    PUBLIC_URL: 'https://login.example.net',
    COOKIE_DOMAIN: 'example.net',
  }
  const origins = (...words: string[]) => runCommand(['origins', ...words], settings)

  t.match(await origins('allow', 'HTTPS://App.Example.com:443/'), {
    code: 0,
    out: `${app} is allowed. Running`,
  })
  t.match(await origins('allow', app), { code: 0, out: `${app} is allowed already.` })
  t.match(await origins('allow', 'https://set.example.com'), {
    code: 0,
    out: /already, by the setting ALLOWED_/,
  })
  t.match(await origins('allow', 'https://*.example.org'), { code: 0 })
  t.match(await origins('allow', 'https://app.example.net:8443'), {
    code: 0,
    out: /by the setting COOKIE_DOMAIN/,
  })

  const { out } = await origins('list')
  t.match(out, /^ORIGIN +FROM +SINCE\n/)
  t.match(out, /https:\/\/set\.example\.com +ALLOWED_REDIRECT_ORIGINS\n/)
  t.match(out, /https:\/\/app\.example\.com +database +\d{4}-\d\d-\d\d\n/)
  t.strictSame(
    (JSON.parse((await origins('list', '--json')).out) as { origin: string; from: string }[]).map(
      ({ origin, from }) => `${from}: ${origin}`,
    ),
    [
      'ALLOWED_REDIRECT_ORIGINS: https://set.example.com',
      'ALLOWED_REDIRECT_ORIGINS: https://both.example.com',
      'COOKIE_DOMAIN: https://*.example.net:*',
      'COOKIE_DOMAIN: https://example.net:*',
      'database: https://*.example.org',
      `database: ${app}`,
    ],
  )

  t.match(await origins('remove', 'https://set.example.com'), {
    code: 1,
    err: /comes from the setting ALLOWED_REDIRECT_ORIGINS\. Take it out there/,
  })
  t.match(await origins('remove', 'https://app.example.net'), {
    code: 1,
    err: /from the setting COOKIE_DOMAIN/,
  })
  for (const typed of ['localhost:4000', '127.0.0.1:4000'])
    t.match(await origins('allow', typed), { code: 2, err: `Did you mean http://${typed}?` })
  t.match(await origins('allow', 'app.example.com/inbox'), { code: 2, err: `Did you mean ${app}?` })
  t.match(await origins('remove', 'https://ap.example.com'), { code: 1, err: `Did you mean ${app}?` })
  t.match(await origins('remove', app), { code: 0, out: /allowed no longer/ })
  t.match(await origins('remove', app), { code: 1, err: 'is not in the list' })
  t.notMatch((await origins('list')).out, app)
})

t.test(
  'every running service follows within a second, and keeps what it knows without the database',
  async (t) => {
    const { connection, database } = await createTestDatabase(t)
    const settings = { DATABASE_URL: databaseUrl(connection), ...quickHashing }
    const nodes = await Promise.all([runService(t, settings), runService(t, settings)])
    const look = async () =>
      Promise.all(
        nodes.map(async ({ origin }) => {
          const page = await new TestBrowser(origin).get(destination)
          const targets = /form-action ([^;]+)/.exec(page.headers.get('content-security-policy') ?? '')?.[1]
          return `${page.status} ${targets}`
        }),
      )
    const refused = ["400 'self'", "400 'self'"]
    const allowed = [`200 'self' ${app}`, `200 'self' ${app}`]
    t.strictSame(await look(), refused)
    const shown = (await new TestBrowser(nodes[0].origin).get(destination)).body
    t.match(shown, `npx latchkey origins allow ${app}<`)

    const follow = async (word: string, expected: string[]) => {
      t.equal((await runCommand(['origins', word, app], settings)).code, 0)
      const since = performance.now()
      await until(async () => (await look()).join() === expected.join())
      const took = Math.round(performance.now() - since)
      t.ok(took < 1000, `${word} was followed after ${took} ms`)
    }
    await follow('allow', allowed)
    await follow('remove', refused)
    await follow('allow', allowed)

    await database.query('alter table allowed_origins rename to gone')
    await new Promise((resolve) => setTimeout(resolve, 1200))
    t.strictSame(await look(), allowed, 'what was last known counts')
    await database.query('alter table gone rename to allowed_origins')
    await follow('remove', refused)
  },
)

t.test('beside the embedded Postgres: joined while the service runs, opened when it does not', async (t) => {
  // Not below the project: as root, Postgres runs as a user who may not reach it there.
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-test-'))
  t.teardown(async () => {
    await until(() => !existsSync(join(folder, 'postgres', 'postmaster.pid')))
    rmSync(folder, { recursive: true, force: true })
  })
  const settings = { DATA_FOLDER: folder, ...quickHashing }
  const service = await runService(t, settings)
  t.equal((await runCommand(['origins', 'allow', app], settings)).code, 0)
  await until(async () => (await new TestBrowser(service.origin).get(destination)).status === 200)
  t.equal(await service.end('SIGTERM'), 0)
  t.match(await runCommand(['origins', 'list'], settings), { code: 0, out: app })
})

t.test('a service that starts knows the origins of the database from its first answer', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  await database.query(
    "insert into allowed_origins (origin, created_at) values ($1, now()), ('no origin', now())",
    [app],
  )
  const settings = { DATABASE_URL: databaseUrl(connection), ...quickHashing }
  const service = await runService(t, settings, 'listening on')
  t.equal((await new TestBrowser(service.origin).get(destination)).status, 200)
  t.equal(await service.end('SIGTERM'), 0)
})

t.test('nothing is offered to be copied into a shell that is no plain origin', async (t) => {
  const { connection } = await createTestDatabase(t)
  const service = await runService(t, { DATABASE_URL: databaseUrl(connection), ...quickHashing })
  const { status, body } = await new TestBrowser(service.origin).get(
    `/login?redirectUrl=${encodeURIComponent('https://$(reboot).example.com/')}`,
  )
  t.equal(status, 400)
  t.notMatch(body, 'origins allow')
})
