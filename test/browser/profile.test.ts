import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit } from './visitor.js'

const nameField = 'Username or e-mail address'
const better = 'a better one for today'

for (const javaScriptEnabled of [true, false]) {
  inChromium(
    `an account from its first day to its last, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t, chromium) => {
      const mailbox = await openMailbox(t)
      const { latchkey } = await startServiceWithApp(t, { SMTP_URL: mailbox.url })
      const person = await visit(t, chromium, { javaScriptEnabled })
      await person.opens(`${latchkey}/register`)
      await person.enters({ Username: 'Ada', Password: password, 'Password again': password })
      await person.presses('Create account')
      await person.sees('Your recovery passkey')
      await person.presses('I have saved it')
      await person.follows('Yes, update my profile')
      await person.sees('Your name')
      await person.enters({ 'Display name (optional)': 'Ada Lovelace' })
      await person.presses('Save')
      await person.sees('Your profile')
      // Where the page has something to say the tour waits for the next one.
      await person.follows('Profile')
      if (javaScriptEnabled) await person.skipsTour()

      const row = (name: string) => person.page.getByRole('link', { name: new RegExp(`^${name}`) }).click()
      await row('E-mail address')
      await person.enters({ 'E-mail address': 'ada@example.com', 'Your password': 'wrong' })
      await person.presses('Send the code')
      await person.sees('This password is not right')
      await person.enters({ 'Your password': password })
      await person.presses('Send the code')
      await person.sees('Confirm your e-mail address')
      await person.enters({ 'Code from the mail': codeIn(await mailbox.letterTo('ada@example.com')) })
      await person.presses('Confirm')
      await person.page.getByText('Your e-mail address is confirmed.').waitFor()
      t.match(await person.reads(), /ada@example\.com\s+confirmed/)

      const other = await visit(t, chromium, { javaScriptEnabled })
      await other.opens(`${latchkey}/login`)
      await other.enters({ [nameField]: 'ada@example.com', Password: password })
      await other.presses('Sign in')
      await other.sees('Hello, Ada Lovelace')
      await person.follows('Sessions')
      await person.sees('Where you are signed in')
      await person.page.getByRole('button', { name: /^Sign out Chrome on / }).click()
      await person.page.getByText('That browser is signed out.').waitFor()
      await other.opens(`${latchkey}/profile`)
      await other.sees('You were signed out here')

      await person.follows('Profile')
      await row('Password')
      await person.enters({ 'New password': better, 'New password again': better })
      await person.presses('Change password')
      await person.page.getByText('Your password is changed').waitFor()
      await mailbox.letterTo('ada@example.com')
      await person.follows('Events')
      t.match(await person.reads(), 'The password was changed')

      await person.follows('Profile')
      await row('Delete this account')
      await person.presses('Delete my account')
      await person.sees('Nothing was deleted')
      await person.page.getByLabel('I know that nobody can bring it back').check()
      await person.presses('Delete my account')
      await person.sees('Your account is deleted')
      await person.enters({ [nameField]: 'Ada', Password: better })
      await person.presses('Sign in')
      await person.sees('No account has this username')
      t.strictSame([...person.complaints, ...other.complaints], [])
    },
  )
}
