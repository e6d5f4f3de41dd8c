import { Phone } from '../flows/authenticator-scene.js'
import { addAccount, password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit } from './visitor.js'

const credentials = { 'Username or e-mail address': 'Ada', Password: password }

for (const javaScriptEnabled of [true, false]) {
  inChromium(
    `a person sets up an app, shows its code on the way to another, loses the phone, and turns it off, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t, chromium) => {
      const { app, latchkey, service } = await startServiceWithApp(t)
      await addAccount(service, 'Ada')
      await service.database.query('update profiles set tutorial_finished_at = now()')
      const owner = await visit(t, chromium, { javaScriptEnabled })
      await owner.opens(`${latchkey}/login`)
      await owner.enters(credentials)
      await owner.presses('Sign in')
      await owner.opens(`${latchkey}/profile`)
      await owner.page.getByRole('link', { name: /^Authenticator app/ }).click()
      await owner.enters({ 'Your password': password })
      await owner.presses('Set it up')
      await owner.sees('Set up your authenticator app')
      await owner.page.getByRole('img', { name: 'QR code of the key that is written below' }).waitFor()
      const phone = new Phone((await owner.page.locator('.key').textContent()) ?? '', [service])
      await owner.enters({ 'Code from the app': phone.code() })
      await owner.presses('Turn it on')
      await owner.sees('Your recovery codes')
      const codes = await owner.page.locator('.codes code').allTextContents()
      t.equal(codes.length, 10)
      await owner.follows('I have saved them')
      await owner.sees('Your profile')
      t.match(await owner.reads(), 'From now on a code of your authenticator app is asked for')

      const inbox = `${app}/inbox?folder=a%20b`
      for (const isPhoneLost of [false, true]) {
        const person = await visit(t, chromium, { javaScriptEnabled })
        await person.opens(inbox)
        await person.follows('Sign in with Latchkey')
        await person.enters(credentials)
        await person.presses('Sign in')
        await person.sees('Enter the code of your app')
        t.match(await person.reads(), `You then go on to ${new URL(app).host}.`)
        if (isPhoneLost) {
          await person.follows('Use a recovery code')
          await person.enters({ 'Recovery code': codes[3] ?? '' })
        } else {
          const code = phone.nextCode()
          await person.enters({ 'Code from the app': code === '000000' ? '111111' : '000000' })
          await person.presses('Sign in')
          await person.sees('This code was not taken')
          await person.enters({ 'Code from the app': code })
        }
        await person.presses('Sign in')
        await person.sees('Hello, Ada')
        t.equal(person.page.url(), inbox)
        t.strictSame(person.complaints, [])
      }

      await owner.page.getByRole('link', { name: /^Authenticator app/ }).click()
      await owner.sees('Confirm that it is you')
      await owner.enters({ 'Your password': password })
      await owner.presses('Continue')
      const code = phone.nextCode()
      await owner.enters({ 'Code from the app': code === '000000' ? '111111' : '000000' })
      await owner.presses('Confirm')
      await owner.sees('This code was not taken')
      await owner.enters({ 'Code from the app': code })
      await owner.presses('Confirm')
      await owner.sees('Authenticator app')
      t.equal(await owner.page.getByLabel('Your password').count(), 0, 'the form asks for nothing more')
      await owner.opens(`${latchkey}/profile/confirm/authenticator?redirectUrl=/profile/authenticator`)
      await owner.sees('Authenticator app')
      await owner.presses('Turn it off')
      await owner.sees('Your profile')
      t.match(await owner.reads(), 'Your authenticator app is removed')
      t.strictSame(owner.complaints, [])
    },
  )
}
