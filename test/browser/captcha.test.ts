import type { Test } from 'tap'
import { rightAnswer } from '../captcha/solve.js'
import { startCaptchaService } from '../captcha/captcha-service.js'
import { captchaPageStates, failElsewhere, registerCaptchaPageState } from './captcha-page-states.js'
import { checkState } from './check-state.js'
import { addAccount, password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit, type Visitor } from './visitor.js'

const name = 'Username or e-mail address'
const quick = { CAPTCHA: 'altcha', CAPTCHA_DIFFICULTY: '20' }
const checked = 'Checked: you are not a robot.'

/** A person before the login form with a captcha in it. */
async function meetCaptcha(t: Test, person: Visitor, settings: Record<string, string> = {}) {
  const site = await startServiceWithApp(t, { ...quick, ...settings })
  await addAccount(site.service, 'Ada')
  await failElsewhere(site, 'Ada')
  await person.opens(`${site.latchkey}/login`)
  await person.enters({ [name]: 'Ada', Password: password })
  await person.presses('Sign in')
  await person.sees('One more step, please')
  return site
}

inChromium('the check runs by itself, and its solution is good once', async (t, chromium) => {
  const person = await visit(t, chromium)
  const { service } = await meetCaptcha(t, person)
  await person.page.getByText(checked).waitFor()
  t.equal(await person.page.locator('#captchaAnswer').isVisible(), false)
  t.equal(await person.page.getByLabel(name).inputValue(), 'Ada')
  const altcha = await person.page.locator('[name=altcha]').inputValue()
  await person.enters({ Password: password })
  await person.presses('Sign in')
  await person.sees('Hello, Ada')
  const again = await service.browser().post('/login', { username: 'Ada', password, altcha })
  t.equal(again.status, 403)
  t.strictSame(person.complaints, [])
})

inChromium('whoever is faster than the check presses the button once all the same', async (t, chromium) => {
  const person = await visit(t, chromium)
  let letWork = () => {}
  const mayWork = new Promise<void>((resolve) => (letWork = resolve))
  await person.page.route('**/captcha-worker.*', async (route) => {
    await mayWork
    await route.continue()
  })
  await meetCaptcha(t, person)
  await person.enters({ Password: password })
  await person.presses('Sign in')
  await person.page.getByText('Then you go on by yourself').waitFor()
  letWork()
  await person.sees('Hello, Ada')
  t.strictSame(person.complaints, [])
})

inChromium('a person without JavaScript answers a question', async (t, chromium) => {
  const person = await visit(t, chromium, { javaScriptEnabled: false })
  await meetCaptcha(t, person)
  await answer(person)
  await person.sees('Hello, Ada')
})

inChromium('so does one on plain http, where browsers keep cryptography from pages', async (t, chromium) => {
  const person = await visit(t, chromium)
  await person.page.addInitScript("Object.defineProperty(crypto, 'subtle', { value: undefined })")
  await meetCaptcha(t, person)
  await answer(person)
  await person.sees('Hello, Ada')
  t.strictSame(person.complaints, [])
})

inChromium('a service is loaded where it is wanted, and a question stands in for it', async (t, chromium) => {
  const captchaService = await startCaptchaService(t)
  captchaService.judges({ success: true, action: 'login' })
  const settings = {
    CAPTCHA: 'turnstile',
    CAPTCHA_SITE_KEY: 'the site key',
    CAPTCHA_SECRET: 'the secret',
    CAPTCHA_VERIFY_URL: captchaService.url,
  }
  const person = await visit(t, chromium)
  const widget = `document.querySelector('.cf-turnstile').innerHTML =
    '<input type="hidden" name="cf-turnstile-response" value="solved">'`
  await person.page.route('https://challenges.cloudflare.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: widget }),
  )
  await meetCaptcha(t, person, settings)
  await person.page.getByRole('button', { name: 'Answer a question instead' }).waitFor()
  t.equal(await person.page.locator('#captchaAnswer').isVisible(), false)
  await person.enters({ Password: password })
  await person.presses('Sign in')
  await person.sees('Hello, Ada')
  t.equal(captchaService.asked[0]?.fields['response'], 'solved')
  t.strictSame(person.complaints, [])

  const offline = await visit(t, chromium)
  await offline.page.route('https://challenges.cloudflare.com/**', (route) => route.abort())
  await meetCaptcha(t, offline, settings)
  await answer(offline)
  await offline.sees('Hello, Ada')
})

inChromium(
  'every page with a captcha pleases axe, fits, is light and speaks to nobody else',
  async (t, chromium) => {
    const patient = { ...quick, FAILED_ATTEMPTS_PER_ADDRESS: '1000000' }
    const site = await startServiceWithApp(t, patient)
    for (const state of captchaPageStates)
      await t.test(state.title, (t) => checkState(t, chromium, site, state))
    const guarded = await startServiceWithApp(t, { ...patient, CAPTCHA_ON_REGISTRATION: 'on' })
    await t.test('register', (t) => checkState(t, chromium, guarded, registerCaptchaPageState))
  },
)

async function answer(person: Visitor): Promise<void> {
  const question = await person.page.locator('label[for=captchaAnswer]').innerText()
  await person.enters({ [question]: rightAnswer(question), Password: password })
  await person.presses('Sign in')
}
