import { addAccount, password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit } from './visitor.js'

const nameField = 'Username or e-mail address'
const ada = { [nameField]: 'Ada', Password: password }
const newAda = { Username: 'Ada', Password: password, 'Password again': password }

for (const javaScriptEnabled of [true, false]) {
  inChromium(
    `the tour of the README, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t, chromium) => {
      const { latchkey, app } = await startServiceWithApp(t)
      const person = await visit(t, chromium, { javaScriptEnabled })
      const inbox = `${app}/inbox?folder=a%20b&unread=1`

      await person.opens(inbox)
      await person.sees('Hello, stranger')
      await person.follows('Sign in with Latchkey')
      await person.sees('Sign in')
      await person.follows('Create an account')
      await person.enters(newAda)
      await person.presses('Create account')
      await person.sees('Hello, Ada')
      t.equal(person.page.url(), inbox, 'back in the app, signed in')

      await person.follows('Sign out')
      await person.sees('Sign out?')
      await person.presses('Sign out')
      await person.sees('Hello, stranger')
      t.equal(person.page.url(), inbox, 'back in the app, signed out')

      await person.follows('Sign in with Latchkey')
      await person.enters({ [nameField]: 'Nobody', Password: password })
      await person.presses('Sign in')
      await person.sees('No account has this username')
      await person.enters({ [nameField]: 'Ada', Password: 'wrong' })
      await person.presses('Sign in')
      await person.sees('This password is not right')
      t.equal(await person.page.getByLabel(nameField).inputValue(), 'Ada', 'the name is kept')
      t.equal(
        await person.page.getByLabel('Password', { exact: true }).inputValue(),
        '',
        'the password is not',
      )
      await person.enters({ Password: password })
      await person.presses('Sign in')
      await person.sees('Hello, Ada')
      t.equal(person.page.url(), inbox, 'no mistake lost the way')

      const other = await visit(t, chromium, { javaScriptEnabled })
      await other.opens(`${latchkey}/register`)
      await other.enters({ ...newAda, Username: 'ADA' })
      await other.presses('Create account')
      await other.sees('This username is taken')
      await other.enters({ ...newAda, Username: 'Grace' })
      await other.presses('Create account')
      await other.savesPasskey()
      await other.sees('Hello, Grace')
      if (javaScriptEnabled) await other.skipsTour()
      t.equal(other.page.url(), `${latchkey}/dashboard`)
      await other.presses('Sign out')
      await other.sees('Sign in')

      await other.opens(`${latchkey}/login?redirectUrl=https://evil.example/x`)
      await other.sees('We cannot send you there')
      t.match(await other.reads(), 'https://evil.example/x')
      t.match(await other.reads(), 'ALLOWED_REDIRECT_ORIGINS=https://evil.example')
      await other.follows('Continue without going there')
      await other.sees('Sign in')
      t.strictSame([...person.complaints, ...other.complaints], [])
    },
  )
}

inChromium(
  'only because form-action names the app does Chromium follow the redirect to it',
  async (t, chromium) => {
    const { latchkey, app, service } = await startServiceWithApp(t)
    await addAccount(service, 'Ada')
    const login = `${latchkey}/login?redirectUrl=${encodeURIComponent(app)}`
    for (const isNamed of [false, true]) {
      const person = await visit(t, chromium)
      const weaken = (policy: string) => (isNamed ? policy : policy.replace(` ${app}`, ''))
      await person.page.route(login, async (route) => {
        if (route.request().method() === 'POST') return route.continue()
        const response = await route.fetch()
        const headers = response.headers()
        headers['content-security-policy'] = weaken(headers['content-security-policy'] ?? '')
        return route.fulfill({ response, headers })
      })
      await person.opens(login)
      await person.enters(ada)
      const refusal = person.page.waitForEvent('console', (message) => /form-action/.test(message.text()))
      await person.presses('Sign in')
      if (isNamed) await person.sees('Hello, Ada')
      else await refusal
      refusal.catch(() => undefined)
      t.equal(person.page.url(), isNamed ? `${app}/` : login)
    }
  },
)

inChromium('two tabs go on to their own destinations, also a day later', async (t, chromium) => {
  const { latchkey, app, service } = await startServiceWithApp(t)
  await addAccount(service, 'Ada')
  const first = await visit(t, chromium)
  const second = await first.opensTab()
  for (const [tab, path] of [
    [first, '/one'],
    [second, '/two'],
  ] as const) {
    await tab.opens(`${latchkey}/login?redirectUrl=${encodeURIComponent(app + path)}`)
    await tab.enters(ada)
  }
  await first.presses('Sign in')
  await first.sees('Hello, Ada')
  t.equal(first.page.url(), `${app}/one`)
  service.passSeconds(24 * 3600)
  await second.presses('Sign in')
  await second.sees('Hello, Ada')
  t.equal(second.page.url(), `${app}/two`)
  await first.page.reload()
  await first.sees('Hello, Ada')
})

inChromium(
  'a page left open until the session has ended signs in again, to where it was',
  async (t, chromium) => {
    const { latchkey, service } = await startServiceWithApp(t)
    await addAccount(service, 'Ada')
    const person = await visit(t, chromium)
    await person.opens(`${latchkey}/login`)
    await person.enters(ada)
    await person.presses('Sign in')
    await person.sees('Hello, Ada')
    service.passSeconds(31 * 24 * 3600)
    await person.page.reload()
    await person.sees('Sign in')
    await person.enters(ada)
    service.passSeconds(31 * 24 * 3600)
    await person.presses('Sign in')
    await person.sees('Hello, Ada')
  },
)

inChromium('the way back after signing in leads to no stale form', async (t, chromium) => {
  const { latchkey, app, service } = await startServiceWithApp(t)
  await addAccount(service, 'Ada')
  const person = await visit(t, chromium)
  await person.opens(`${app}/`)
  await person.follows('Sign in with Latchkey')
  await person.enters(ada)
  await person.presses('Sign in')
  await person.sees('Hello, Ada')
  await person.page.goBack()
  await person.sees('Hello, Ada')
  t.equal(person.page.url(), `${app}/`, 'the login page sends on who is signed in')
  await person.follows('Sign out')
  await person.presses('Sign out')
  await person.sees('Hello, stranger')
  await person.opens(`${latchkey}/login`)
  await person.enters(ada)
  await person.presses('Sign in')
  await person.sees('Hello, Ada')
})

inChromium('a double click sends the form once', async (t, chromium) => {
  const { latchkey } = await startServiceWithApp(t, { PASSWORD_HASH_ITERATIONS: '64' })
  const person = await visit(t, chromium)
  await person.opens(`${latchkey}/register`)
  await person.enters(newAda)
  const button = await person.page.getByRole('button', { name: 'Create account' }).boundingBox()
  const click = () => person.page.mouse.click((button?.x ?? 0) + 9, (button?.y ?? 0) + 9)
  await Promise.all([person.page.waitForRequest(`${latchkey}/register`), click()])
  await click()
  await person.sees('Your recovery passkey')
  t.equal(person.requests.filter(({ method }) => method === 'POST').length, 1)
})

inChromium('a form whose answer never came can be sent again', async (t, chromium) => {
  const { latchkey } = await startServiceWithApp(t)
  const person = await visit(t, chromium)
  await person.page.clock.install()
  await person.opens(`${latchkey}/register`)
  await person.enters(newAda)
  await person.page.route('**/register', (route) => route.abort('aborted'), { times: 1 })
  await person.presses('Create account')
  await person.page.clock.fastForward(6000)
  await person.presses('Create account')
  await person.sees('Your recovery passkey')
})

inChromium(
  'opening the address of an error page again shows the form, with its destination',
  async (t, chromium) => {
    const { latchkey, app, service } = await startServiceWithApp(t)
    await addAccount(service, 'Ada')
    for (const path of ['/login', '/register']) {
      const person = await visit(t, chromium)
      await person.opens(`${latchkey}${path}?redirectUrl=${encodeURIComponent(app)}`)
      await person.page.locator('button[type=submit]').click()
      await person.sees('Please check what you entered')
      await person.opens(person.page.url())
      await person.page.getByText('Please check').waitFor({ state: 'detached' })
      await person.enters(path === '/login' ? ada : { ...newAda, Username: 'Grace' })
      await person.page.locator('button[type=submit]').click()
      await person.sees(path === '/login' ? 'Hello, Ada' : 'Hello, Grace')
      t.equal(person.page.url(), `${app}/`)
    }
  },
)

inChromium(
  'a form on another origin cannot sign anybody in, and its victim sees our page',
  async (t, chromium) => {
    const { latchkey, app, service } = await startServiceWithApp(t)
    await addAccount(service, 'Mallory')
    const action = `${latchkey}/login?redirectUrl=${encodeURIComponent(app)}`
    const html = `<form method="post" action="${action}"><input name="username" value="Mallory">
    <input name="password" value="${password}"></form><script>document.forms[0].submit()</script>`
    for (const stranger of ['http://127.0.0.1:9/', `${app}/same-site`]) {
      const person = await visit(t, chromium)
      await person.page.route(stranger, (route) => route.fulfill({ contentType: 'text/html', body: html }))
      const [answer] = await Promise.all([
        person.page.waitForResponse((response) => response.request().method() === 'POST'),
        person.opens(stranger),
      ])
      t.equal(answer.status(), 403, stranger)
      await person.sees('This form came from another website')
      t.strictSame(await person.page.context().cookies(), [])
      await person.follows('Try again')
      await person.sees('Sign in')
      await person.enters({ [nameField]: 'Mallory', Password: password })
      await person.presses('Sign in')
      await person.sees('Hello, Mallory')
      t.equal(person.page.url(), `${app}/`, 'the page works at once, with its destination')
    }
  },
)
