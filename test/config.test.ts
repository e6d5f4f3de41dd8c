import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError, readConfig } from '../src/config.js'
import { areArgon2ParametersSane } from '../src/secrets/are-argon2-parameters-sane.js'

t.test('needs no setting at all', async (t) => {
  const config = readConfig({})
  t.match(config, {
    host: '127.0.0.1',
    port: 3000,
    publicOrigin: null,
    trustedProxies: [],
    revealAccountExistence: true,
    database: { url: null },
    sessions: { validitySeconds: 2_592_000 },
    passwords: { minimumLength: 8, hashing: { memoryKiB: 19_456, iterations: 2, parallelism: 1 } },
  })
})

t.test("takes the diagram's session validity of 4.5 years", async (t) => {
  t.equal(
    readConfig({ SESSION_TOKEN_VALIDITY_DURATION_SECONDS: '143243290' }).sessions.validitySeconds,
    143_243_290,
  )
})

t.test('reads every setting from a file when NAME_FILE names one', async (t) => {
  const file = join(t.testdir(), 'url')
  writeFileSync(file, 'postgres://u:p@db/latchkey\n')
  t.equal(readConfig({ DATABASE_URL_FILE: file }).database.url, 'postgres://u:p@db/latchkey')
})

t.test('reports every problem at once, a line each', async (t) => {
  const wrong = {
    PORT: '70000',
    SESSION_TOKEN_VALIDITY_DURATION_SECONDS: '1e9',
    PASSWORD_MINIMUM_LENGTH: '7',
    REVEAL_ACCOUNT_EXISTENCE: 'no',
    LOG_LEVEL: 'loud',
    PUBLIC_URL: 'https://login.example.com/path',
    ALLOWED_REDIRECT_ORIGINS: 'https://app.example.com, *',
    TRUSTED_PROXIES: '10.0.0.0/8 true 0.0.0.0/0 1',
    DATABASE_URL: 'mysql://root:hunter2@db',
    HOST_FILE: '/nowhere/at/all',
  }
  const error = t.throws(() => readConfig(wrong), ConfigError)
  const message = (error as Error).message
  for (const name of Object.keys(wrong)) t.match(message, name)
  t.equal(message.split('\n').length, Object.keys(wrong).length + 2, 'TRUSTED_PROXIES has three')
  t.notMatch(message, 'hunter2')
})

t.test('refuses a setting given twice', async (t) => {
  t.throws(() => readConfig({ HOST: 'a', HOST_FILE: 'b' }), { message: /HOST and HOST_FILE are both set/ })
})

t.test('trusts only addresses and networks as proxies', async (t) => {
  const good = ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8']
  t.strictSame(readConfig({ TRUSTED_PROXIES: good.join(',') }).trustedProxies, good)
  for (const bad of ['true', '1', 'loopback', '0.0.0.0/0', '10.0.0.0/33', '10.0.0.0/8/8', '::/0']) {
    t.throws(() => readConfig({ TRUSTED_PROXIES: bad }), ConfigError, bad)
  }
})

t.test('takes the dearest hashing that the hasher takes, and none beyond', async (t) => {
  const dearest = {
    PASSWORD_HASH_MEMORY_KIB: '2097152',
    PASSWORD_HASH_ITERATIONS: '64',
    PASSWORD_HASH_PARALLELISM: '64',
  }
  t.ok(areArgon2ParametersSane(readConfig(dearest).passwords.hashing))
  for (const [name, most] of Object.entries(dearest)) {
    t.throws(() => readConfig({ [name]: String(Number(most) + 1) }), ConfigError, name)
  }
})
