import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit } from './visitor.js'

const email = 'ada@example.com'

for (const javaScriptEnabled of [true, false]) {
  inChromium(
    `a person comes from the app, shows password and code, and goes back to it, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t, chromium) => {
      const mailbox = await openMailbox(t)
      const { app, service } = await startServiceWithApp(t, { SMTP_URL: mailbox.url, EMAIL_OTP: 'required' })
      await service
        .browser()
        .post('/register', { username: 'Ada', password, confirmPassword: password, email })
      await mailbox.letterTo(email)
      await service.database.query('update accounts set email_confirmed_at = now()')
      const inbox = `${app}/inbox?folder=a%20b`

      const person = await visit(t, chromium, { javaScriptEnabled })
      await person.opens(inbox)
      await person.follows('Sign in with Latchkey')
      await person.enters({ 'Username or e-mail address': 'Ada', Password: password })
      await person.presses('Sign in')
      await person.sees('Enter your code')
      t.match(await person.reads(), new RegExp(`You then go on to ${new URL(app).host}\\.`))
      t.match(await person.reads(), /It works for \d\d seconds, until \d\d:\d\d:\d\d UTC\./)
      const first = codeIn(await mailbox.letterTo(email))
      await person.enters({ 'Code from the mail': first === '000000' ? '111111' : '000000' })
      await person.page.getByLabel('Do not ask again in this browser for 30 days').check()
      await person.presses('Sign in')
      await person.sees('This code was not taken')
      t.ok(await person.page.getByLabel('Do not ask again in this browser for 30 days').isChecked())

      service.passSeconds(60)
      await person.page.goto(person.page.url())
      await person.sees('The code has expired')
      await person.presses('Send a new code')
      await person.page.getByText('It works for').waitFor()
      await person.page.reload()
      await person.enters({ 'Code from the mail': codeIn(await mailbox.letterTo(email)) })
      await person.page.getByLabel('Do not ask again in this browser for 30 days').check()
      await person.presses('Sign in')
      await person.sees('Hello, Ada')
      t.equal(person.page.url(), inbox)

      await person.page.context().clearCookies({ name: 'latchkey_session' })
      await person.opens(inbox)
      await person.follows('Sign in with Latchkey')
      await person.enters({ 'Username or e-mail address': 'Ada', Password: password })
      await person.presses('Sign in')
      await person.sees('Hello, Ada')
      t.strictSame(person.complaints, [])
    },
  )
}

inChromium('the time that is left is counted down, and its end is said', async (t, chromium) => {
  const { latchkey, service } = await startServiceWithApp(t, { EMAIL_OTP: 'required' })
  await service.browser().post('/register', { username: 'Ada', password, confirmPassword: password, email })
  const person = await visit(t, chromium)
  await person.page.clock.install()
  await person.opens(`${latchkey}/login`)
  await person.enters({ 'Username or e-mail address': 'Ada', Password: password })
  await person.presses('Sign in')
  await person.sees('Enter your code')
  const left = person.page.locator('[data-seconds-left]')
  const before = Number.parseInt(await left.innerText(), 10)
  await person.page.clock.fastForward(20_000)
  const after = Number.parseInt(await left.innerText(), 10)
  t.ok(before - after >= 20 && before - after <= 30, `${before} s, then ${after} s`)
  await person.page.clock.fastForward(60_000)
  t.equal(await person.page.getByRole('status').innerText(), 'The code has expired. Send a new one.')
  t.notOk(await left.isVisible())
  t.strictSame(person.complaints, [])
})
