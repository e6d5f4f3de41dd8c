import t from 'tap'
import { ConfigError, readConfig } from '../../src/config.js'

const problemsOf = (settings: Record<string, string>): string => {
  try {
    readConfig(settings)
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

t.test('nothing is set, and nobody is asked', (t) => {
  const { openid, firebase } = readConfig({})
  t.equal(openid, null)
  t.equal(firebase, null)
  t.end()
})

t.test('a client is enough for Google', (t) => {
  t.strictSame(readConfig({ OPENID_CLIENT_ID: 'id', OPENID_CLIENT_SECRET: 'secret' }).openid, {
    issuer: 'https://accounts.google.com',
    clientId: 'id',
    clientSecret: 'secret',
    name: 'Google',
  })
  t.end()
})

t.test('another provider is called by its host, or as the operator says', (t) => {
  const settings = { OPENID_CLIENT_ID: 'id', OPENID_ISSUER: 'https://id.example.com/' }
  t.match(readConfig(settings).openid, {
    issuer: 'https://id.example.com',
    clientSecret: null,
    name: 'id.example.com',
  })
  t.equal(readConfig({ ...settings, OPENID_NAME: 'the club' }).openid?.name, 'the club')
  const realm = readConfig({ ...settings, OPENID_ISSUER: 'https://id.example.com/realms/club/' })
  t.equal(realm.openid?.issuer, 'https://id.example.com/realms/club/', 'a path is kept as it is')
  t.end()
})

t.test('what cannot be used is told in a sentence', (t) => {
  const client = { OPENID_CLIENT_ID: 'id' }
  for (const name of ['OPENID_CLIENT_SECRET', 'OPENID_ISSUER', 'OPENID_NAME'])
    t.match(problemsOf({ [name]: 'https://id.example.com' }), 'OPENID_CLIENT_ID is missing', name)
  for (const issuer of [
    'http://id.example.com',
    'id.example.com',
    'https://a:b@id.example.com',
    'https://id.example.com?a',
    'https://id.example.com#a',
    'ftp://localhost',
  ])
    t.match(problemsOf({ ...client, OPENID_ISSUER: issuer }), 'OPENID_ISSUER must be an address', issuer)
  for (const issuer of ['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])
    t.equal(problemsOf({ ...client, OPENID_ISSUER: issuer }), '', issuer)
  t.match(problemsOf({ ...client, OPENID_NAME: 'x'.repeat(41) }), 'OPENID_NAME must be one line')
  t.match(problemsOf({ ...client, OPENID_NAME: 'a\tb' }), 'OPENID_NAME must be one line')
  t.match(problemsOf({ FIREBASE_PROJECT_ID: 'A project' }), 'FIREBASE_PROJECT_ID must be the id')
  t.match(problemsOf({ FIREBASE_JWKS_URL: 'https://x.example' }), 'FIREBASE_PROJECT_ID is missing')
  t.match(
    problemsOf({ FIREBASE_PROJECT_ID: 'a', FIREBASE_JWKS_URL: 'http://x.example' }),
    'FIREBASE_JWKS_URL must',
  )
  t.end()
})
