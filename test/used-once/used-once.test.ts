import { join } from 'node:path'
import t from 'tap'
import { pino } from 'pino'
import { Database } from '../../src/database/database.js'
import { migrate } from '../../src/database/migrate.js'
import { readMigrations } from '../../src/database/read-migrations.js'
import { projectFolder } from '../../src/project-folder.js'
import { hashToken } from '../../src/secrets/hash-token.js'
import { UsedOnceStore } from '../../src/used-once/used-once-store.js'
import { UsedOnceUpkeep } from '../../src/used-once/used-once-upkeep.js'
import { createTestDatabase } from '../database/test-database.js'

const later = new Date('2026-01-01T00:10:00Z')

t.test('of parallel uses, on two nodes, one is the first', async (t) => {
  const { connection, database } = await createTestDatabase(t)
  const other = new Database({ connection, log: pino({ level: 'silent' }) })
  t.teardown(() => other.close())
  const nodes = [new UsedOnceStore(database), new UsedOnceStore(other)]
  const uses = Array.from({ length: 8 }, () => nodes.map((node) => node.use('captcha', 'a', later)))
  const firsts = (await Promise.all(uses.flat())).filter((isFirst) => isFirst)
  t.equal(firsts.length, 1)
})

t.test('what is used as one thing is not as another', async (t) => {
  const { database } = await createTestDatabase(t)
  const store = new UsedOnceStore(database)
  t.ok(await store.use('captcha', 'a', later))
  t.strictSame([await store.has('captcha', 'a'), await store.has('errand', 'a')], [true, false])
  t.ok(await store.use('errand', 'a', later))
  t.notOk(await store.use('captcha', 'a', later))
  t.notOk(await store.has('captcha', 'b'), 'looking uses nothing up')
  t.ok(await store.use('captcha', 'b', later))
})

t.test('what has expired is swept, of whatever purpose, and nothing else', async (t) => {
  const { database } = await createTestDatabase(t)
  const usedOnceStore = new UsedOnceStore(database)
  await usedOnceStore.use('captcha', 'a', later)
  await usedOnceStore.use('errand', 'a', later)
  await usedOnceStore.use('errand', 'b', new Date(later.getTime() + 1))
  const log = pino({ level: 'silent' })
  await new UsedOnceUpkeep({ usedOnceStore, intervalSeconds: 60, log, now: () => later }).sweep()
  t.strictSame(
    [await usedOnceStore.has('captcha', 'a'), await usedOnceStore.has('errand', 'a')],
    [false, false],
  )
  t.ok(await usedOnceStore.has('errand', 'b'))
})

t.test('what was used under the release before counts no second time', async (t) => {
  const { database } = await createTestDatabase(t)
  await database.query('drop schema public cascade')
  await database.query('create schema public')
  const migrations = await readMigrations(join(projectFolder, 'migrations'))
  const before = migrations.findIndex(({ subject }) => subject === 'used-once')
  await migrate(database, migrations.slice(0, before))
  for (const into of [
    'used_captchas (id, expires_at)',
    'answered_challenges (challenge_hash, expires_at)',
    'returned_errands (state_hash, expires_at)',
  ])
    await database.query(`insert into ${into} values ($1, $2)`, [hashToken('a'), later])
  await migrate(database, migrations)
  const store = new UsedOnceStore(database)
  for (const purpose of ['captcha', 'webauthn challenge', 'openid errand'])
    t.notOk(await store.use(purpose, 'a', later), purpose)
})
