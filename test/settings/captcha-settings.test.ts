import t from 'tap'
import { Environment } from '../../src/settings/environment.js'
import { readCaptchaSettings } from '../../src/settings/captcha-settings.js'

function read(variables: Record<string, string>) {
  const environment = new Environment(variables)
  return { settings: readCaptchaSettings(environment), problems: environment.problems }
}

t.test('by default there is a proof of work after 3 failures, and none to register', async (t) => {
  t.strictSame(read({}), {
    settings: { failuresBeforeCaptcha: 3, onRegistration: false, difficulty: 400, service: null },
    problems: [],
  })
})

t.test('it can be asked for at every sign-in, or never', async (t) => {
  t.equal(read({ CAPTCHA_AFTER_FAILURES: '0' }).settings.failuresBeforeCaptcha, 0)
  t.equal(read({ CAPTCHA: 'off' }).settings.failuresBeforeCaptcha, null)
})

t.test('services have their own address for responses, unless another is set', async (t) => {
  const keys = { CAPTCHA_SITE_KEY: 'site', CAPTCHA_SECRET: 'secret' }
  for (const [CAPTCHA, host] of [
    ['recaptcha', 'www.google.com'],
    ['hcaptcha', 'api.hcaptcha.com'],
    ['turnstile', 'challenges.cloudflare.com'],
  ] as const) {
    const { settings, problems } = read({ ...keys, CAPTCHA })
    t.strictSame(problems, [])
    t.match(settings.service, { siteKey: 'site', secret: 'secret', captcha: { name: CAPTCHA } })
    t.equal(new URL(settings.service?.verifyUrl ?? '').hostname, host)
  }
  const other = read({ ...keys, CAPTCHA: 'turnstile', CAPTCHA_VERIFY_URL: 'https://relay.example/verify' })
  t.equal(other.settings.service?.verifyUrl, 'https://relay.example/verify')
})

t.test('what cannot be is told, and no secret with it', async (t) => {
  for (const [variables, problem] of [
    [{ CAPTCHA: 'yes' }, 'CAPTCHA must be one of'],
    [
      { CAPTCHA: 'hcaptcha', CAPTCHA_SECRET: 'hush' },
      'CAPTCHA=hcaptcha needs CAPTCHA_SITE_KEY and CAPTCHA_SECRET',
    ],
    [{ CAPTCHA: 'off', CAPTCHA_ON_REGISTRATION: 'on' }, 'CAPTCHA_ON_REGISTRATION cannot be on'],
    [{ CAPTCHA_ON_REGISTRATION: 'true' }, 'CAPTCHA_ON_REGISTRATION must be one of'],
    [{ CAPTCHA_AFTER_FAILURES: '-1' }, 'CAPTCHA_AFTER_FAILURES must be'],
    [{ CAPTCHA_DIFFICULTY: '0' }, 'CAPTCHA_DIFFICULTY must be'],
    [
      { CAPTCHA: 'turnstile', CAPTCHA_SITE_KEY: 'a', CAPTCHA_SECRET: 'hush', CAPTCHA_VERIFY_URL: 'ftp://x' },
      'CAPTCHA_VERIFY_URL must be',
    ],
  ] as [Record<string, string>, string][]) {
    const { problems } = read(variables)
    t.equal(problems.length, 1, problem)
    t.match(problems[0], problem)
    t.notMatch(problems[0], 'hush')
  }
})
