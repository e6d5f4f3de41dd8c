import { addAccount, password, startServiceWithApp } from './service-with-app.js'
import { plugIn } from './test-authenticator.js'
import { inChromium } from './test-chromium.js'
import { visit } from './visitor.js'

inChromium(
  'a person makes a passkey, and comes back from the app with nothing typed',
  async (t, chromium) => {
    const { latchkey, app, service } = await startServiceWithApp(t)
    await addAccount(service, 'Ada')
    const person = await visit(t, chromium)
    const authenticator = await plugIn(person.page)
    await person.opens(`${latchkey}/login?redirectUrl=/profile/passkeys`)
    await person.enters({ 'Username or e-mail address': 'Ada', Password: password })
    await person.presses('Sign in')
    await person.sees('Passkeys')
    await person.follows('Add a passkey')
    await person.enters({ 'Your password': password })
    await person.presses('Continue')
    await person.presses('Create the passkey')
    await person.page.getByText('Your passkey works from now on').waitFor()
    t.match(await person.page.getByLabel('Name', { exact: true }).inputValue(), /^Chrome on /)
    await person.enters({ Name: 'This laptop' })
    await person.presses('Save the name')
    await person.page.getByText('The name is saved.').waitFor()
    t.equal(await authenticator.count(), 1)

    await person.follows('Add a passkey')
    await person.presses('Create the passkey')
    await person.page.getByText('This device has a passkey for your account already.').waitFor()

    const inbox = `${app}/inbox?folder=a%20b`
    await authenticator.hasSomebody(false)
    await person.presses('Sign out')
    await person.opens(inbox)
    await person.follows('Sign in with Latchkey')
    await person.follows('Sign in with a passkey')
    await person.sees('Sign in with a passkey')
    await authenticator.hasSomebody(true)
    await person.page.reload()
    await person.sees('Hello, Ada')
    t.equal(person.page.url(), inbox)

    await person.opens(`${latchkey}/profile/passkeys`)
    await person.page.getByRole('link', { name: /^This laptop / }).click()
    await person.sees('Confirm that it is you')
    await person.follows('Use a passkey')
    await person.sees('This laptop')
    t.match(await person.reads(), /last used on/)
    await person.presses('Remove this passkey')
    await person.page.getByText('That passkey no longer signs anybody in here.').waitFor()
    await authenticator.hasSomebody(false)
    await person.presses('Sign out')
    await person.opens(`${latchkey}/login/webauthn`)
    await authenticator.hasSomebody(true)
    await person.page.reload()
    await person.sees('This passkey is not known here')
    await authenticator.hasSomebody(false)
    await person.follows('Use my password')
    await person.sees('Sign in')
    t.strictSame(person.complaints, [])
  },
)

inChromium(
  'who cancels may try again, and nobody hears of passkeys who cannot use them',
  async (t, chromium) => {
    const { latchkey, service } = await startServiceWithApp(t)
    const person = await visit(t, chromium)
    await plugIn(person.page)
    await person.opens(`${latchkey}/login/webauthn`)
    await person.page.getByText('Nothing was done').waitFor()
    await person.presses('Use my passkey')
    await person.page.getByText('Nothing was done').waitFor()

    await person.opens(`${service.origin}/login`)
    await person.sees('Sign in')
    const link = person.page.getByText('Sign in with a passkey')
    t.notOk(await link.isVisible(), 'at an address that is no name')
    const simple = await visit(t, chromium, { javaScriptEnabled: false })
    await simple.opens(`${latchkey}/login`)
    t.notOk(await simple.page.getByText('Sign in with a passkey').isVisible(), 'without JavaScript')
    await simple.opens(`${latchkey}/login/webauthn`)
    t.match(await simple.reads(), /This needs JavaScript/)
    t.notOk(await simple.page.getByText('Use my passkey').isVisible())
    t.strictSame(person.complaints, [])
  },
)
