import { startRealProvider } from '../openid-sign-in/real-provider.js'
import { startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit, type Visitor } from './visitor.js'

/** At the provider's own pages: says who one is, where that is asked, and agrees. */
async function signsInThere({ page }: Visitor, login: string): Promise<void> {
  await page.locator('input[name="login"]').fill(login)
  await page.locator('input[name="password"]').fill('any')
  await page.locator('button[type="submit"]').click()
  await page.locator('input[name="prompt"][value="consent"]').waitFor({ state: 'attached' })
  await page.locator('button[type="submit"]').click()
}

for (const javaScriptEnabled of [true, false]) {
  inChromium(
    `a person comes from the app, goes to the provider, chooses a name and goes back, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t, chromium) => {
      const provider = await startRealProvider(t)
      const { app, latchkey } = await startServiceWithApp(t, provider.settings)
      provider.admit(latchkey)
      const inbox = `${app}/inbox?folder=a%20b`
      const person = await visit(t, chromium, { javaScriptEnabled })
      // The pages of the provider ask for letters that are not here.
      await person.page.route(/fonts\.googleapis/, (route) => route.fulfill({ body: '' }))

      await person.opens(inbox)
      await person.follows('Sign in with Latchkey')
      await person.follows('Continue with Example ID')
      await signsInThere(person, 'ada')
      await person.sees('Choose a username')
      t.equal(await person.page.getByLabel('Username', { exact: true }).inputValue(), 'ada')
      await person.enters({ Username: 'Ada' })
      await person.presses('Create account')
      await person.sees('Hello, Ada')
      t.equal(person.page.url(), inbox)

      await person.page.context().clearCookies({ name: 'latchkey_session' })
      await person.opens(inbox)
      await person.follows('Sign in with Latchkey')
      await person.follows('Continue with Example ID')
      await person.sees('Hello, Ada')
      const complaints = person.complaints.filter((each) => !each.includes(provider.issuer))
      t.strictSame(complaints, [])
    },
  )
}

inChromium('who has no password confirms at the provider, and deletes the account', async (t, chromium) => {
  const provider = await startRealProvider(t)
  const { latchkey } = await startServiceWithApp(t, provider.settings)
  provider.admit(latchkey)
  const person = await visit(t, chromium, { javaScriptEnabled: false })
  await person.page.route(/fonts\.googleapis/, (route) => route.fulfill({ body: '' }))
  await person.opens(`${latchkey}/login`)
  await person.follows('Continue with Example ID')
  await signsInThere(person, 'ada')
  await person.presses('Create account')
  await person.savesPasskey()
  await person.opens(`${latchkey}/profile/delete`)
  await person.sees('Confirm that it is you')
  await person.follows('Continue with Example ID')
  const { page } = person
  await page.locator('input[name="login"]').fill('ada')
  await page.locator('input[name="password"]').fill('any')
  await page.locator('button[type="submit"]').click()
  await person.sees('Delete this account?')
  await page.getByLabel('I know that nobody can bring it back').check()
  await person.presses('Delete my account')
  await person.sees('Your account is deleted')
})
