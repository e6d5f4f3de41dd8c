import { password, addAccount, startServiceWithApp } from './service-with-app.js'
import { plugIn } from './test-authenticator.js'
import { inChromium } from './test-chromium.js'
import { visit } from './visitor.js'

const credentials = { 'Username or e-mail address': 'Ada', Password: password }

inChromium(
  'a person has a passkey asked for after the password, touches it on the way to an app, and can do without it',
  async (t, chromium) => {
    const { app, latchkey, service } = await startServiceWithApp(t)
    await addAccount(service, 'Ada')
    await service.database.query('update profiles set tutorial_finished_at = now()')
    const person = await visit(t, chromium)
    const authenticator = await plugIn(person.page)
    await person.opens(`${latchkey}/login?redirectUrl=/profile/passkeys/add`)
    await person.enters(credentials)
    await person.presses('Sign in')
    await person.enters({ 'Your password': password })
    await person.presses('Continue')
    await person.presses('Create the passkey')
    await person.presses('Save the name')
    await person.follows('Ask for a passkey after my password')
    await person.presses('Turn it on')
    await person.sees('Your recovery codes')
    const codes = await person.page.locator('.codes code').allTextContents()
    await person.follows('I have saved them')
    await person.page.getByText('From now on a passkey is asked for after your password.').waitFor()

    const inbox = `${app}/inbox?folder=a%20b`
    await authenticator.hasSomebody(false)
    await person.presses('Sign out')
    await person.opens(inbox)
    await person.follows('Sign in with Latchkey')
    await person.enters(credentials)
    await person.presses('Sign in')
    await person.sees('Use your passkey')
    t.match(await person.reads(), `You then go on to ${new URL(app).host}.`)
    await person.page.getByLabel('Do not ask again in this browser for 30 days').check()
    await authenticator.hasSomebody(true)
    await person.presses('Use my passkey')
    await person.sees('Hello, Ada')
    t.equal(person.page.url(), inbox)
    await authenticator.hasSomebody(false)
    await person.opens(`${latchkey}/dashboard`)
    await person.presses('Sign out')
    await person.opens(`${latchkey}/login`)
    await person.enters(credentials)
    await person.presses('Sign in')
    await person.sees('Hello, Ada')
    t.strictSame(person.complaints, [])

    const simple = await visit(t, chromium, { javaScriptEnabled: false })
    await simple.opens(`${latchkey}/login?redirectUrl=${encodeURIComponent(inbox)}`)
    await simple.enters(credentials)
    await simple.presses('Sign in')
    await simple.sees('Use your passkey')
    t.match(await simple.reads(), 'This needs JavaScript, and a browser that knows passkeys.')
    t.notOk(await simple.page.getByLabel(/Do not ask again/).isVisible())
    t.notOk(await simple.page.getByText('Use my passkey').isVisible())
    await simple.follows('Use a recovery code')
    await simple.enters({ 'Recovery code': codes[0] ?? '' })
    await simple.presses('Sign in')
    await simple.sees('Hello, Ada')
    t.equal(simple.page.url(), inbox)
  },
)
