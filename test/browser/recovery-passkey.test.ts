import { readFile } from 'node:fs/promises'
import { password, startServiceWithApp, type ServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit, type Visitor } from './visitor.js'

const ada = { Username: 'Ada', Password: password, 'Password again': password }
const comforts = ['Copy', 'Download', 'Print']

async function register(person: Visitor, { latchkey }: ServiceWithApp): Promise<void> {
  await person.opens(`${latchkey}/register`)
  await person.enters(ada)
  await person.presses('Create account')
  await person.sees('Your recovery passkey')
}

const readPasskey = async ({ page }: Visitor) => (await page.locator('#passkey').textContent()) ?? ''

for (const javaScriptEnabled of [true, false]) {
  const state = `JavaScript ${javaScriptEnabled ? 'on' : 'off'}`
  inChromium(
    `a newcomer saves a recovery passkey, and makes another one later, ${state}`,
    async (t, chromium) => {
      const site = await startServiceWithApp(t)
      const person = await visit(t, chromium, { javaScriptEnabled })
      await register(person, site)
      const passkey = await readPasskey(person)
      t.match(passkey, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
      for (const name of comforts)
        t.equal(await person.page.getByRole('button', { name }).isVisible(), javaScriptEnabled, name)
      await person.page.reload()
      t.equal(await readPasskey(person), passkey, 'the same after a reload')
      await person.opens(`${site.latchkey}/dashboard`)
      await person.sees('Your recovery passkey')
      t.equal(await readPasskey(person), passkey, 'and on the way to the dashboard')
      await person.savesPasskey()
      await person.sees('Hello, Ada')
      t.equal(person.page.url(), `${site.latchkey}/dashboard`)
      await person.page.goBack()
      await person.page.goBack()
      await person.sees('Hello, Ada')

      await person.opens(`${site.latchkey}/profile/recovery-passkey`)
      await person.enters({ 'Your password': 'wrong' })
      await person.presses('Make a new recovery passkey')
      await person.sees('This password is not right')
      await person.enters({ 'Your password': password })
      await person.presses('Make a new recovery passkey')
      await person.sees('Your recovery passkey')
      t.not(await readPasskey(person), passkey)
      t.match(await person.reads(), 'It is a new one.')
      t.strictSame(person.complaints, [])
    },
  )
}

inChromium('the passkey is selected whole, copied and downloaded', async (t, chromium) => {
  const site = await startServiceWithApp(t, { SERVICE_NAME: 'The <b>Club</b>' })
  const person = await visit(t, chromium, { permissions: ['clipboard-read', 'clipboard-write'] })
  const { page } = person
  await register(person, site)
  const passkey = await readPasskey(person)

  await page.locator('#passkey').click()
  t.equal(await page.evaluate('getSelection().toString()'), passkey)
  await person.presses('Copy')
  await page.getByText('Copied.', { exact: true }).waitFor()
  t.equal(await page.evaluate('navigator.clipboard.readText()'), passkey)

  const [download] = await Promise.all([page.waitForEvent('download'), person.presses('Download')])
  t.equal(download.suggestedFilename(), 'recovery-passkey-Ada.txt')
  const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date())
  t.strictSame((await readFile(await download.path(), 'utf8')).split('\n'), [
    `Recovery passkey for The <b>Club</b>, ${site.latchkey}`,
    'Account: Ada',
    `Made on: ${date}`,
    '',
    passkey,
    '',
  ])
  t.strictSame(person.complaints, [])
})

inChromium(
  'where the clipboard is refused the passkey is selected for copying by hand',
  async (t, chromium) => {
    const site = await startServiceWithApp(t)
    const person = await visit(t, chromium)
    await register(person, site)
    await person.page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("refused"))')
    await person.presses('Copy')
    await person.page.getByText('It is selected: copy it with your browser.').waitFor()
    t.equal(await person.page.evaluate('getSelection().toString()'), await readPasskey(person))
  },
)

inChromium(
  'printed are the passkey, the service, the account and the date, nothing else',
  async (t, chromium) => {
    const site = await startServiceWithApp(t)
    const person = await visit(t, chromium)
    const { page } = person
    await register(person, site)
    await page.evaluate('window.print = () => { document.title = "printing" }')
    await person.presses('Print')
    t.equal(await page.title(), 'printing')

    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date())
    const printed = String(await page.evaluate('document.body.innerText')).split(/\s*\n\s*/)
    t.strictSame(printed, ['Latchkey', await readPasskey(person), `Recovery passkey of Ada, made on ${date}`])
    const colours = await page.evaluate(`['#passkey', '.sheet .fine', '.sheet'].map((name) => {
    const { color, backgroundColor } = getComputedStyle(document.querySelector(name))
    return name === '.sheet' ? backgroundColor : color
  })`)
    t.strictSame(colours, ['rgb(0, 0, 0)', 'rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
  },
)

inChromium(
  'a passkey shown in another browser takes the place of this one, which is said',
  async (t, chromium) => {
    const site = await startServiceWithApp(t)
    const [first, second] = [await visit(t, chromium), await visit(t, chromium)]
    await register(first, site)
    const passkey = await readPasskey(first)
    await second.opens(`${site.latchkey}/login`)
    await second.enters({ 'Username or e-mail address': 'Ada', Password: password })
    await second.presses('Sign in')
    await second.sees('Your recovery passkey')
    await first.presses('I have saved it')
    await first.sees('This is a newer recovery passkey')
    t.not(await readPasskey(first), passkey)
    t.equal(
      await first.page.evaluate('document.activeElement.innerText'),
      await first.page.locator('.notice').innerText(),
    )
    await first.savesPasskey()
    await first.sees('Hello, Ada')
    await second.presses('I have saved it')
    await second.sees('This recovery passkey no longer works')
    await second.follows('I have the other one')
    await second.sees('Hello, Ada')
  },
)
