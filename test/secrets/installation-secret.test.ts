import { hkdfSync } from 'node:crypto'
import t from 'tap'
import { InstallationSecret } from '../../src/secrets/installation-secret.js'
import { createTestDatabase } from '../database/test-database.js'

t.test('each use has a key of its own, by HKDF, the same on all nodes', async (t) => {
  const { database } = await createTestDatabase(t)
  const [one, other] = [new InstallationSecret(database), new InstallationSecret(database)]
  const key = await one.deriveKey('captcha challenge')
  t.strictSame(key, await other.deriveKey('captcha challenge'))
  t.not(key.toString('hex'), (await one.deriveKey('captcha solution')).toString('hex'))
  const { rows } = await database.query<{ secret: Buffer }>('select secret from installation_secret')
  const derived = hkdfSync('sha256', rows[0]?.secret ?? '', '', 'latchkey captcha challenge', 32)
  t.strictSame(key, Buffer.from(derived))
})

t.test('it is read once, and anew when that failed', async (t) => {
  const { database } = await createTestDatabase(t)
  const secret = new InstallationSecret(database)
  const query = database.query.bind(database)
  let reads = 0
  database.query = async () => Promise.reject(new Error('away'))
  await t.rejects(secret.deriveKey('use'), { message: 'away' })
  database.query = async (text, values) => {
    reads += 1
    return query(text, values)
  }
  await Promise.all([secret.deriveKey('use'), secret.deriveKey('another use')])
  await secret.deriveKey('use')
  t.equal(reads, 1)
})
