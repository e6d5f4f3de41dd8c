import t from 'tap'
import { ConfigError, readConfig } from '../../src/config.js'

t.test('tokens last as the diagram says, unless other times are set', async (t) => {
  t.strictSame(readConfig({}).tokens, {
    accessSeconds: 900,
    refreshSeconds: 604_800,
    graceSeconds: 30,
    keyRotationDays: 90,
    keySecret: null,
  })
  const settings = {
    ACCESS_TOKEN_VALIDITY_SECONDS: '60',
    REFRESH_TOKEN_VALIDITY_SECONDS: '60',
    REFRESH_TOKEN_GRACE_SECONDS: '0',
    SIGNING_KEY_ROTATION_DAYS: '1',
  }
  t.match(readConfig(settings).tokens, {
    accessSeconds: 60,
    refreshSeconds: 60,
    graceSeconds: 0,
    keyRotationDays: 1,
  })
  for (const name of Object.keys(settings)) t.throws(() => readConfig({ [name]: 'x' }), ConfigError, name)
  t.throws(() => readConfig({ REFRESH_TOKEN_VALIDITY_SECONDS: '899' }), {
    message: /REFRESH_TOKEN_VALIDITY_SECONDS must not be less than ACCESS_TOKEN_VALIDITY_SECONDS\./,
  })
})

t.test('the secret for keys is 256 bits in base64, and no complaint shows it', async (t) => {
  const secret = (SIGNING_KEY_SECRET: string) => readConfig({ SIGNING_KEY_SECRET }).tokens.keySecret
  const bits = Buffer.alloc(32, 0xfb)
  for (const text of [bits.toString('base64'), bits.toString('base64url')])
    t.equal(secret(text), bits.toString('base64url'))
  for (const wrong of ['short', `${'x'.repeat(43)}==`, 'x'.repeat(44), `${'x'.repeat(42)}!`]) {
    t.throws(() => secret(wrong), { message: /must be 32 random bytes in base64/ }, wrong)
    t.throws(() => secret(wrong), { message: new RegExp(`^((?!${wrong}).)*$`) })
  }
})
