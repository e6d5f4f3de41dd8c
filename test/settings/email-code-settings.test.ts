import t from 'tap'
import { readConfig } from '../../src/config.js'

t.test('codes have 8 digits, those at sign-in 6 and a minute, and the limits that are set', async (t) => {
  const rule = { digits: 8, validitySeconds: 600, tries: 5, perHour: 5 }
  const signIn = { digits: 6, validitySeconds: 60, tries: 5, perHour: 10 }
  t.strictSame(readConfig({}).emailCodes, { confirmEmail: rule, recoverAccount: rule, signIn })
  const settings = { EMAIL_CODE_VALIDITY_SECONDS: '60', EMAIL_CODE_TRIES: '1', EMAIL_CODES_PER_HOUR: '2' }
  t.match(readConfig(settings).emailCodes.confirmEmail, { validitySeconds: 60, tries: 1, perHour: 2 })
  for (const name of ['EMAIL_CODE_VALIDITY_SECONDS', 'EMAIL_OTP_VALIDITY_SECONDS'])
    t.throws(() => readConfig({ [name]: '601' }), new RegExp(`${name} .*600`), 'no code counts for longer')
})

t.test('whether a code is asked for at sign-in is off unless it is set', async (t) => {
  const { secondFactor } = readConfig({})
  const preset = { emailOtp: 'off', authenticatorApp: true, validitySeconds: 900, trustSeconds: 2_592_000 }
  t.strictSame(secondFactor, preset)
  const settings = { EMAIL_OTP: 'required', EMAIL_OTP_VALIDITY_SECONDS: '120', EMAIL_OTPS_PER_HOUR: '3' }
  const config = readConfig({ ...settings, TRUSTED_DEVICE_SECONDS: '0' })
  t.match(config.secondFactor, { emailOtp: 'required', trustSeconds: 0 })
  t.match(config.emailCodes.signIn, { validitySeconds: 120, perHour: 3 })
  t.throws(() => readConfig({ EMAIL_OTP: 'on' }), /EMAIL_OTP must be one of off, optional, required/)
})
