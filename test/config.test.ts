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

t.test('tells which names look mistyped, and starts all the same', async (t) => {
  const doubtsAbout = (...names: string[]) =>
    readConfig(Object.fromEntries(names.map((name) => [name, '1']))).findDoubts()
  t.strictSame(doubtsAbout('SMTP_ULR', 'Public_Url', 'DATABASE_URL_FLIE', 'WEBAUTN'), [
    'SMTP_ULR is not a setting. Is SMTP_URL meant?',
    'Public_Url is not a setting. Is PUBLIC_URL meant?',
    'DATABASE_URL_FLIE is not a setting. Is DATABASE_URL_FILE meant?',
    'WEBAUTN is not a setting. Is WEBAUTHN meant?',
  ])
  t.strictSame(
    doubtsAbout('HOME', 'LC_ALL', 'NODE_ENV', 'TEST_DATABASE_URL', 'HOST_NAME', 'XDG_DATA_HOME'),
    [],
  )
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

t.test('takes an idle timeout that the other settings allow, or none', async (t) => {
  const timeout = (settings: Record<string, string>) => readConfig(settings).sessions.idleTimeoutSeconds
  t.equal(timeout({}), 0)
  t.equal(timeout({ SESSION_IDLE_TIMEOUT_SECONDS: '300' }), 300)
  t.equal(timeout({ SESSION_IDLE_TIMEOUT_SECONDS: '0', SESSION_SWEEP_INTERVAL_SECONDS: '3600' }), 0)
  t.equal(
    timeout({ SESSION_IDLE_TIMEOUT_SECONDS: '600', SESSION_TOKEN_VALIDITY_DURATION_SECONDS: '600' }),
    600,
  )
  const refused: [settings: Record<string, string>, words: RegExp][] = [
    [
      { SESSION_IDLE_TIMEOUT_SECONDS: '299' },
      /must be 0 for none, or from 300 to .* \(2592000\), not "299"\.$/,
    ],
    [{ SESSION_IDLE_TIMEOUT_SECONDS: '2592001' }, /must be 0 for none/],
    [{ SESSION_IDLE_TIMEOUT_SECONDS: '-1' }, /must be a whole number/],
    [{ SESSION_IDLE_TIMEOUT_SECONDS: '300', SESSION_SWEEP_INTERVAL_SECONDS: '91' }, /at most half of/],
    [{ SESSION_IDLE_TIMEOUT_SECONDS: '300', SESSION_LAST_USED_PRECISION_SECONDS: '91' }, /at most half of/],
  ]
  for (const [settings, message] of refused) t.throws(() => readConfig(settings), { message })
})

t.test('remembers 10,000 sessions, or as many as it is told', async (t) => {
  t.equal(readConfig({}).sessions.cacheSize, 10_000)
  t.equal(readConfig({ SESSION_CACHE_SIZE: '0' }).sessions.cacheSize, 0)
  t.throws(() => readConfig({ SESSION_CACHE_SIZE: 'many' }), ConfigError)
})

t.test('offers all ways back into an account, or those that are named, or none', async (t) => {
  const methods = (RECOVERY_METHODS: string) => readConfig({ RECOVERY_METHODS }).recovery.methods
  t.strictSame(methods(''), ['passkey', 'email', 'questions'])
  t.strictSame(methods('questions passkey'), ['passkey', 'questions'])
  t.strictSame(methods('none'), [])
  for (const wrong of ['sms', 'passkey, none', 'Passkey'])
    t.throws(() => methods(wrong), { message: /RECOVERY_METHODS must be none alone, or some of/ }, wrong)
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
