import { addAccount, password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit, type Visitor } from './visitor.js'

/** What has the focus: its name, and whether a line around it shows that. */
async function focused(person: Visitor): Promise<{ name: string; isVisible: boolean }> {
  return person.page.evaluate(`(() => {
    const element = document.activeElement
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const name = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent.trim()
    return { name, isVisible: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 }
  })()`)
}

/** What assistive programs are told, as far as it interests here. */
async function perceive(person: Visitor) {
  const session = await person.page.context().newCDPSession(person.page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, description, properties = [] }) => ({
      role: String(role?.value),
      name: String(name?.value ?? ''),
      description: String(description?.value ?? ''),
      states: Object.fromEntries(properties.map((property) => [property.name, property.value.value])),
    }))
}

const needsScript = /^Show|passkey/

const tabOrders = [
  {
    path: '/login',
    names: [
      'Username or e-mail address',
      'Password',
      'Show password',
      'Sign in',
      'Forgot your password?',
      'Sign in with a passkey',
      'Create an account',
    ],
  },
  {
    path: '/register',
    names: [
      'Username',
      'Password',
      'Show password',
      'Password again',
      'Show password again',
      'E-mail address (optional)',
      'Create account',
      'Sign in',
    ],
  },
  { path: '/logout', names: ['Sign out', 'Stay signed in'] },
]

for (const javaScriptEnabled of [true, false]) {
  inChromium(
    `the tab key goes from top to bottom and shows where it is, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t, chromium) => {
      const { latchkey } = await startServiceWithApp(t)
      const person = await visit(t, chromium, { javaScriptEnabled })
      for (const { path, names } of tabOrders) {
        await person.opens(latchkey + path)
        // Forms begin in their first field.
        if (path === '/logout') await person.page.keyboard.press('Tab')
        for (const name of names.filter((each) => javaScriptEnabled || !needsScript.test(each))) {
          t.strictSame(await focused(person), { name, isVisible: true }, path)
          await person.page.keyboard.press('Tab')
        }
      }
    },
  )

  inChromium(
    `with the keyboard alone: a mistake, its mending, signed in and out, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t, chromium) => {
      const { latchkey } = await startServiceWithApp(t)
      const person = await visit(t, chromium, { javaScriptEnabled })
      const { keyboard } = person.page
      const type = async (...texts: string[]) => {
        for (const text of texts) {
          await keyboard.type(text)
          await keyboard.press('Tab')
          if ((await focused(person)).name.startsWith('Show')) await keyboard.press('Tab')
        }
      }

      await person.opens(`${latchkey}/register`)
      await type('a', password, 'something else')
      await keyboard.press('Enter')
      await person.sees('Please check what you entered')
      t.match(await focused(person), { name: /^Please check/, isVisible: true }, 'the notice has the focus')
      await keyboard.press('Tab')
      t.strictSame(
        await focused(person),
        { name: 'Username', isVisible: true },
        'the way to the first mistake',
      )
      await keyboard.press('Enter')
      await person.page.locator('#username:focus').waitFor()
      await keyboard.press('Control+A')
      await type('Ada', password, password)
      await keyboard.press('Enter')
      await person.sees('Your recovery passkey')
      for (const name of javaScriptEnabled ? ['Copy', 'Download', 'Print'] : []) {
        await keyboard.press('Tab')
        t.strictSame(await focused(person), { name, isVisible: true })
      }
      await keyboard.press('Tab')
      t.strictSame(await focused(person), { name: 'I have saved it', isVisible: true })
      await keyboard.press('Enter')
      await person.sees('Would you like to update your profile now?')
      await keyboard.press('Tab')
      await keyboard.press('Tab')
      t.strictSame(await focused(person), { name: 'Maybe later', isVisible: true })
      await keyboard.press('Enter')
      await person.sees('Hello, Ada')
      if (javaScriptEnabled) {
        await person.sees('Welcome to your account')
        await keyboard.press('Tab')
        t.strictSame(await focused(person), { name: 'Skip', isVisible: true })
        await keyboard.press('Enter')
        await person.page.locator('dialog:not([data-first-visit])').waitFor({ state: 'attached' })
      }
      const above = ['Sign out', 'Dashboard', 'Profile', 'Sessions', 'Events']
      // The tour leaves one at the heading, below these.
      for (const name of javaScriptEnabled ? above.toReversed() : above) {
        await keyboard.press(javaScriptEnabled ? 'Shift+Tab' : 'Tab')
        t.strictSame(await focused(person), { name, isVisible: true })
      }
      await person.page.getByRole('button', { name: 'Sign out' }).focus()
      await keyboard.press('Enter')
      await person.sees('Sign in')
      t.match(await focused(person), { name: /^You are signed out/ })
      await keyboard.press('Tab')
      t.match(await focused(person), { name: 'Username or e-mail address' })
    },
  )
}

inChromium(
  'the show button has one name and two states, and what is sent is a password field',
  async (t, chromium) => {
    const { latchkey } = await startServiceWithApp(t)
    const person = await visit(t, chromium)
    const { page } = person
    await person.opens(`${latchkey}/register`)
    for (const [button, label] of [
      ['Show password', 'Password'],
      ['Show password again', 'Password again'],
    ]) {
      const field = page.getByLabel(label ?? '', { exact: true })
      const show = (pressed: boolean) =>
        page.getByRole('button', { name: button ?? '', exact: true, pressed })
      await field.fill('shown to whoever looks')
      await show(false).click()
      t.equal(await field.getAttribute('type'), 'text')
      await show(true).press('Enter')
      t.equal(await field.getAttribute('type'), 'password')
      await show(false).press('Space')
      t.equal(await field.getAttribute('type'), 'text')
      t.equal(await field.inputValue(), 'shown to whoever looks')
    }
    await page.route('**/register', (route) => route.abort('aborted'))
    await person.presses('Create account')
    t.equal(await page.locator('input[type=password]').count(), 2)
  },
)

inChromium('what is typed before the scripts have come is kept, and so is the focus', async (t, chromium) => {
  const { latchkey } = await startServiceWithApp(t)
  const person = await visit(t, chromium)
  let letScriptsCome = () => {}
  const come = new Promise<void>((resolve) => (letScriptsCome = resolve))
  await person.page.route('**/*.js', async (route) => {
    await come
    await route.continue()
  })
  await person.page.goto(`${latchkey}/login`, { waitUntil: 'commit' })
  const field = person.page.getByLabel('Password', { exact: true })
  await field.pressSequentially('corr')
  letScriptsCome()
  await person.page.getByRole('button', { name: 'Show password' }).waitFor()
  await person.page.keyboard.type('ect')
  t.equal(await field.inputValue(), 'correct')
})

inChromium('a screen reader hears each error once, at the top and with its field', async (t, chromium) => {
  const { latchkey, service } = await startServiceWithApp(t)
  await addAccount(service, 'Ada')
  const person = await visit(t, chromium)
  await person.opens(`${latchkey}/register`)
  await person.enters({ Username: 'ada', Password: password, 'Password again': password })
  await person.presses('Create account')
  await person.sees('This username is taken')
  t.equal(await person.page.title(), 'This username is taken – create an account · Latchkey')
  const heard = await perceive(person)
  t.hasStrict(
    heard.find(({ role }) => role === 'group'),
    {
      name: 'This username is taken',
      states: { focused: true },
    },
  )
  t.equal(heard.filter(({ role, states }) => role === 'alert' || states['live'] !== undefined).length, 0)
  const fields = heard.filter(({ role }) => role === 'textbox')
  t.match(fields, [
    { name: 'Username', description: /^Somebody has or had it/, states: { invalid: 'true', required: true } },
    { name: 'Password', description: /^At least 8 characters/, states: { invalid: 'false', required: true } },
    { name: 'Password again', description: '', states: { invalid: 'false', required: true } },
    { name: 'E-mail address (optional)', description: /^You can sign in/, states: { required: false } },
  ])
  t.strictSame(
    heard.filter(({ role }) => ['banner', 'main', 'navigation'].includes(role)).map(({ role }) => role),
    ['banner', 'main'],
  )
})

inChromium('password managers find what they look for', async (t, chromium) => {
  const { latchkey } = await startServiceWithApp(t)
  const person = await visit(t, chromium)
  const read = async (path: string) => {
    await person.opens(latchkey + path)
    return person.page.evaluate(`[...document.forms].map((form) => [
      form.method + ' ' + new URL(form.action).pathname,
      ...[...form.querySelectorAll('input')].map(({ name, type, autocomplete, autocapitalize, spellcheck }) =>
        [name, type, autocomplete, autocapitalize, spellcheck].join(' ')),
    ])`)
  }
  t.strictSame(await read('/login'), [
    [
      'post /login',
      'username text username webauthn none false',
      'password password current-password none false',
    ],
    // What a passkey answers is put into it, where one is picked.
    ['post /login/webauthn'],
  ])
  t.strictSame(await read('/register'), [
    [
      'post /register',
      'username text username none false',
      'password password new-password none false',
      'confirmPassword password new-password none false',
      'email email email none false',
    ],
  ])
})
