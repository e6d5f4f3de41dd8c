import t from 'tap'
import { readConfig } from '../../src/config.js'

t.test('codes have 8 digits, for both purposes, and the limits that are set', async (t) => {
  const rule = { digits: 8, validitySeconds: 600, tries: 5, perHour: 5 }
  t.strictSame(readConfig({}).emailCodes, { confirmEmail: rule, recoverAccount: rule })
  const settings = { EMAIL_CODE_VALIDITY_SECONDS: '60', EMAIL_CODE_TRIES: '1', EMAIL_CODES_PER_HOUR: '2' }
  t.match(readConfig(settings).emailCodes.confirmEmail, { validitySeconds: 60, tries: 1, perHour: 2 })
})
