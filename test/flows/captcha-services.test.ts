import t, { type Test } from 'tap'
import { hostedCaptchas } from '../../src/captcha/hosted-captchas.js'
import { answerTo, challengeOf, solve } from '../captcha/solve.js'
import { startCaptchaService } from '../captcha/captcha-service.js'
import { startTestService } from './test-service.js'

const password = 'correct horse battery'
const wrong = 'a wrong guess indeed'
const strictPolicy = /script-src 'self'; img-src/

async function start(t: Test, kind: keyof typeof hostedCaptchas, settings: Record<string, string> = {}) {
  const captchaService = await startCaptchaService(t)
  const service = await startTestService(t, {
    CAPTCHA: kind,
    CAPTCHA_DIFFICULTY: '5',
    CAPTCHA_SITE_KEY: 'the site key',
    CAPTCHA_SECRET: 'the secret',
    CAPTCHA_VERIFY_URL: captchaService.url,
    PUBLIC_URL: 'https://login.example.com',
    ...settings,
  })
  const send = (path: string, form: Record<string, string>) =>
    service.browser().post(path, form, { origin: 'https://login.example.com' })
  const login = (typed: string, more: Record<string, string> = {}) =>
    send('/login', { username: 'Ada', password: typed, ...more })
  const { body } = await service.browser().get('/register')
  const answer = body.includes('captchaToken') ? answerTo(body) : {}
  await send('/register', { username: 'Ada', password, confirmPassword: password, ...answer })
  for (let failures = 0; failures < 2; failures++) await login(wrong)
  return { service, captchaService, login, third: await login(wrong) }
}

for (const captcha of Object.values(hostedCaptchas)) {
  const { name, elementClass, field, sources, scriptUrl } = captcha
  t.test(`${name} is shown, asked, and believed`, async (t) => {
    const { service, captchaService, login, third } = await start(t, name)
    t.match(third.body, `<div class="${elementClass}" data-sitekey="the site key" data-action="login">`)
    t.match(third.body, `data-script="${scriptUrl}"`)
    t.notMatch(third.body, 'data-challenge')
    const policy = third.headers.get('content-security-policy') ?? ''
    t.match(policy, `script-src 'self' ${sources.scripts.join(' ')};`)
    t.match(policy, `frame-src ${sources.frames.join(' ')}`)
    t.match(policy, "default-src 'none'")
    const plain = await service.browser().get('/login')
    t.match(plain.headers.get('content-security-policy'), strictPolicy, 'no other page loads from there')

    const good = { success: true, hostname: 'login.example.com', action: 'login' }
    for (const [title, says] of [
      ['what the service does not take', { success: false, 'error-codes': ['timeout-or-duplicate'] }],
      ['what was made on another site', { ...good, hostname: 'evil.example' }],
      ['what only looks like a yes', { ...good, success: 'true' }],
      ...(captcha.tellsAction ? [['what was made for another form', { ...good, action: 'register' }]] : []),
    ] as [string, object][]) {
      captchaService.judges(says)
      const refused = await login(password, { [field]: 'a response' })
      t.equal(refused.status, 403, title)
      t.match(refused.body, elementClass)
    }
    captchaService.judges(good)
    t.equal((await login(password, { [field]: 'the response' })).status, 303)
    const last = captchaService.asked.at(-1)
    t.strictSame(last, {
      method: 'POST',
      contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
      fields: { secret: 'the secret', response: 'the response', remoteip: '127.0.0.1' },
    })
    t.notMatch(JSON.stringify(service.logged()), 'the secret')
    t.equal((await login(wrong, { [field]: 'the response' })).status, 403, 'a response is good once')
  })
}

t.test('while the service cannot be asked, nobody is let in or locked out for it', async (t) => {
  const { service, captchaService, login } = await start(t, 'turnstile')
  const response = { 'cf-turnstile-response': 'whatever' }
  for (const says of [
    'nothing',
    'no end',
    'headers alone',
    { body: 'no JSON' },
    { body: '[]' },
    { body: '{}' },
    { body: JSON.stringify({ success: true }), status: 500 },
    { body: JSON.stringify({ success: true }), status: 302 },
    { body: JSON.stringify({ success: false, 'error-codes': ['invalid-input-secret'] }) },
  ] as const) {
    captchaService.says(says)
    const page = await login(password, response)
    t.equal(page.status, 403)
    t.match(page.body, 'cannot be reached. Here is a check of our own instead')
    t.match(page.headers.get('content-security-policy'), strictPolicy)
    t.ok(challengeOf(page.body))
  }
  const complaints = service.logged().filter(({ level }) => level === 40)
  t.equal(complaints.length, 9)
  const page = await login(password, response)
  t.equal((await login(password, { altcha: await solve(challengeOf(page.body)) })).status, 303)
  t.strictSame(
    (await login(wrong, { altcha: await solve(challengeOf(page.body)) })).status,
    403,
    'and only once, as ever',
  )
})

t.test('without JavaScript, or without their script, there is the question', async (t) => {
  const { captchaService, login, third } = await start(t, 'hcaptcha')
  t.equal((await login(password, answerTo(third.body))).status, 303)
  t.equal(captchaService.asked.length, 0)
})

t.test('services are not asked for those who are often wrong', async (t) => {
  const { captchaService, login } = await start(t, 'recaptcha', { FAILED_ATTEMPTS_PER_ADDRESS: '4' })
  captchaService.judges({ success: false })
  for (let tries = 0; tries < 6; tries++)
    t.equal((await login(password, { 'g-recaptcha-response': 'made up' })).status, 403)
  t.equal(captchaService.asked.length, 4)
})

t.test('a service is asked at registration too, where that asks for a captcha', async (t) => {
  const { service } = await start(t, 'turnstile', { CAPTCHA_ON_REGISTRATION: 'on' })
  const page = await service.browser().get('/register')
  t.match(page.body, 'data-action="register"')
  t.match(page.headers.get('content-security-policy'), 'frame-src https://challenges.cloudflare.com')
})
