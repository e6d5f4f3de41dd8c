import { addAccount, password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit, type Visitor } from './visitor.js'

const settings = { RECOVERY_METHODS: 'email,questions' }
const steps = ['Welcome to your account', 'Your profile', 'Keep an eye on it']

async function signIn(person: Visitor, latchkey: string, path: string): Promise<void> {
  await person.opens(`${latchkey}/login?redirectUrl=${encodeURIComponent(path)}`)
  await person.enters({ 'Username or e-mail address': 'Ada', Password: password })
  await person.presses('Sign in')
}

/** The tour as it stands open; each sight of it waits until it does. */
const tour = (person: Visitor, heading: string) =>
  person.page.getByRole('dialog', { name: heading, exact: true })
const focused = (person: Visitor) =>
  person.page.evaluate<string>(
    "document.activeElement.closest('dialog')?.id + ': ' + document.activeElement.textContent.trim()",
  )
const isOpen = (person: Visitor) => person.page.evaluate<boolean>("document.querySelector('dialog').open")

inChromium(
  'on the first visit a tour begins, with the keyboard alone, and is finished for good',
  async (t, chromium) => {
    const { latchkey, service } = await startServiceWithApp(t, settings)
    await addAccount(service, 'Ada')
    const person = await visit(t, chromium)
    const { keyboard } = person.page
    await signIn(person, latchkey, '/profile')
    for (const [index, heading] of steps.entries()) {
      await tour(person, heading).waitFor()
      t.match(await tour(person, heading).innerText(), `Step ${index + 1} of 3`)
      t.equal(await focused(person), `tutorial: ${heading}`, 'a screen reader begins at the heading')
      if (index === steps.length - 1) break
      while ((await focused(person)) !== 'tutorial: Next') await keyboard.press('Tab')
      await keyboard.press('Enter')
    }
    // Back and forth once more.
    await keyboard.press('Tab')
    t.equal(await focused(person), 'tutorial: Back')
    await keyboard.press('Enter')
    await tour(person, steps[1] ?? '').waitFor()
    while ((await focused(person)) !== 'tutorial: Next') await keyboard.press('Tab')
    await keyboard.press('Enter')
    await tour(person, steps[2] ?? '').waitFor()
    while ((await focused(person)) !== 'tutorial: Finish') await keyboard.press('Tab')
    await Promise.all([person.page.waitForURL(`${latchkey}/profile`), keyboard.press('Enter')])
    await person.sees('Your profile')
    t.notOk(await isOpen(person))
    await person.page.locator('h1:focus').waitFor()
    await person.opens(`${latchkey}/dashboard`)
    await person.sees('Hello, Ada')
    t.notOk(await isOpen(person), 'and does not begin on the other page')
    t.strictSame(person.complaints, [])
  },
)

for (const way of ['Skip', 'Escape'] as const) {
  inChromium(`the tour is left by ${way}, for good, and one stays on the page`, async (t, chromium) => {
    const { latchkey, service } = await startServiceWithApp(t, settings)
    await addAccount(service, 'Ada')
    const person = await visit(t, chromium)
    await signIn(person, latchkey, '/dashboard')
    await tour(person, steps[0] ?? '').waitFor()
    const posted = person.page.waitForResponse((response) => response.url().endsWith('/profile/tutorial'))
    if (way === 'Skip') await person.presses('Skip')
    else await person.page.keyboard.press('Escape')
    t.equal((await posted).status(), 303)
    await person.page.getByRole('button', { name: 'Show me around' }).waitFor()
    t.equal(person.page.url(), `${latchkey}/dashboard`)
    t.notOk(await isOpen(person))
    await person.page.locator('h1:focus').waitFor()
    await person.page.reload()
    t.notOk(await isOpen(person))
  })
}

inChromium('the tour covers no notice, and begins by itself only once in a tab', async (t, chromium) => {
  const { latchkey, service } = await startServiceWithApp(t, settings)
  await addAccount(service, 'Ada')
  const person = await visit(t, chromium)
  const opener = person.page.getByRole('button', { name: 'Show me around' })
  await signIn(person, latchkey, '/profile/edit')
  await person.enters({ 'Display name (optional)': 'Ada' })
  await person.presses('Save')
  await person.page.getByText('Your name is saved.').waitFor()
  await opener.waitFor()
  t.notOk(await isOpen(person), 'it waits for the next page')
  await person.follows('Dashboard')
  await tour(person, steps[0] ?? '').waitFor()
  await person.opens(`${latchkey}/profile`)
  await opener.waitFor()
  t.notOk(await isOpen(person), 'nobody who left it open is shown it again')
  await opener.click()
  await tour(person, steps[0] ?? '').waitFor()
  t.strictSame(person.complaints, [])
})

inChromium(
  'the tour can be seen again, and leaving it then asks the service nothing',
  async (t, chromium) => {
    const { latchkey, service } = await startServiceWithApp(t, settings)
    await addAccount(service, 'Ada')
    await service.database.query('update profiles set tutorial_finished_at = now()')
    const person = await visit(t, chromium)
    await signIn(person, latchkey, '/dashboard')
    await person.page.getByRole('button', { name: 'Show me around' }).waitFor()
    await person.page.waitForLoadState()
    // What the page itself needs may be asked for late.
    await person.page.waitForLoadState('networkidle')
    const isAsset = (url: string) => new URL(url).pathname.startsWith('/assets/')
    const asked = () => person.requests.filter(({ url }) => !isAsset(url)).length
    const before = asked()
    for (const way of ['Skip', 'Escape', 'Finish']) {
      await person.presses('Show me around')
      await tour(person, steps[0] ?? '').waitFor()
      if (way === 'Escape') await person.page.keyboard.press('Escape')
      else {
        if (way === 'Finish') for (let step = 1; step < steps.length; step++) await person.presses('Next')
        await person.presses(way)
      }
      await tour(person, steps[0] ?? '').waitFor({ state: 'hidden' })
      t.equal(await person.page.evaluate('document.activeElement.textContent'), 'Show me around')
    }
    t.equal(asked(), before)
  },
)

inChromium('while the tour is open nothing behind it can be reached', async (t, chromium) => {
  const { latchkey, service } = await startServiceWithApp(t, settings)
  await addAccount(service, 'Ada')
  const person = await visit(t, chromium)
  await signIn(person, latchkey, '/dashboard')
  await tour(person, steps[0] ?? '').waitFor()
  for (let press = 0; press < 12; press++) {
    await person.page.keyboard.press('Tab')
    t.equal(
      await person.page.evaluate(
        "document.activeElement === document.body || document.activeElement.closest('dialog') !== null",
      ),
      true,
    )
  }
})

inChromium('without JavaScript there is no tour, and the pages are complete', async (t, chromium) => {
  const { latchkey, service } = await startServiceWithApp(t, settings)
  await addAccount(service, 'Ada')
  const person = await visit(t, chromium, { javaScriptEnabled: false })
  await signIn(person, latchkey, '/dashboard')
  for (const page of ['Dashboard', 'Profile']) {
    await person.follows(page)
    const text = await person.page.locator('body').innerText()
    t.notMatch(text, /Step 1|Skip|Show me around/)
    t.match(text, 'Sign out')
  }
})
