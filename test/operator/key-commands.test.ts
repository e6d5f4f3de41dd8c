import { randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { createTestDatabase } from '../database/test-database.js'
import { runService } from '../flows/running-service.js'
import { databaseUrl, quickHashing, runCommand } from './run-command.js'

const newSecret = () => randomBytes(32).toString('base64')

async function openHouse(t: Test) {
  const { connection } = await createTestDatabase(t)
  const settings = { ...quickHashing, DATABASE_URL: databaseUrl(connection) }
  const keys = (words: string[], more: Record<string, string> = {}) =>
    runCommand(['keys', ...words], { ...settings, ...more })
  const list = async () =>
    JSON.parse((await keys(['list', '--json'])).out) as { kid: string; state: string; isSealed: boolean }[]
  return { settings, keys, list }
}

async function publishedBy({ origin }: { origin: string }): Promise<string[]> {
  const answer = await fetch(`${origin}/.well-known/jwks.json`)
  return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
}

t.test('the first start makes a key; the operator lists and rotates keys', async (t) => {
  const { settings, keys, list } = await openHouse(t)
  t.strictSame(await list(), [])
  const service = await runService(t, settings)
  const [first, ...none] = await list()
  t.match(first, { state: 'signs', isSealed: false })
  t.strictSame(none, [])
  t.strictSame(await publishedBy(service), [first?.kid])

  t.match(await keys(['rotate']), {
    code: 0,
    out: /^The key [\w-]{43} is published, and signs from .* UTC on\.\n$/,
  })
  t.match(await keys(['rotate']), { code: 0, out: /^The next key is there already\./ })
  t.match(await list(), [{ state: 'next' }, { kid: first?.kid, state: 'signs' }])
  const { out } = await keys(['list'])
  t.match(out, /^KEY +STATE +SIGNS FROM +PUBLISHED UNTIL +SEALED\n/)
  t.match(out, new RegExp(`\n${first?.kid} +signs +.* UTC +.* UTC +no\n$`))
  t.equal(await service.end('SIGTERM'), 0)

  t.match(await keys(['rotate', '--now']), {
    code: 0,
    out: /^A new key signs, and the old ones are withdrawn\./,
  })
  const [third, ...others] = await list()
  t.strictSame(others, [])
  t.match(third, { state: 'signs' })
  t.strictSame(await publishedBy(await runService(t, settings)), [third?.kid])
})

t.test('a wrong secret stops the start with a sentence; the operator can make new keys', async (t) => {
  const { settings, keys, list } = await openHouse(t)
  const SIGNING_KEY_SECRET = newSecret()
  const service = await runService(t, { ...settings, SIGNING_KEY_SECRET })
  t.match(await list(), [{ state: 'signs', isSealed: true }])
  t.equal(await service.end('SIGTERM'), 0)

  const cases: [more: Record<string, string>, words: RegExp][] = [
    [{}, /are sealed, and SIGNING_KEY_SECRET is not set/],
    [{ SIGNING_KEY_SECRET: newSecret() }, /are sealed by another secret/],
  ]
  for (const [more, words] of cases) {
    const failed = await runService(t, { ...settings, ...more })
    t.equal(await failed.end('SIGTERM'), 1)
    t.match(failed.output(), words)
    t.notMatch(failed.output(), /\n\s+at /)
    const refused = await keys(['rotate'], more)
    t.match(refused, { code: 1, err: words })
    t.notMatch(refused.err, /\n\s+at /)
  }

  const open = await keys(['rotate', '--now'])
  t.match(open, { code: 1, err: /the new one would lie open in the database\. Set the secret, or a new one/ })
  t.notMatch(open.err, /\n\s+at /)
  t.match(await list(), [{ state: 'signs', isSealed: true }])

  const renewed = { SIGNING_KEY_SECRET: newSecret() }
  t.match(await keys(['rotate', '--now'], renewed), { code: 0 })
  t.equal((await publishedBy(await runService(t, { ...settings, ...renewed }))).length, 1)
})
