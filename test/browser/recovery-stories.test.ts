import { answers, newPassword, setQuestions } from '../flows/recovery-scene.js'
import { savePasskey } from '../flows/save-passkey.js'
import { codeIn } from '../mail/code-in.js'
import { openMailbox } from '../mail/mailbox.js'
import { password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { visit, type Visitor } from './visitor.js'

const nameField = 'Username or e-mail address'

for (const javaScriptEnabled of [true, false]) {
  inChromium(
    `every way back leads from the app to a new password and to the app, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t, chromium) => {
      const mailbox = await openMailbox(t)
      const { latchkey, app, service } = await startServiceWithApp(t, { SMTP_URL: mailbox.url })
      const inbox = `${app}/inbox?folder=a%20b`

      const waysBack: [string, (person: Visitor, passkey: string, email: string) => Promise<void>][] = [
        [
          'passkey',
          async (person, passkey) => {
            await person.follows('Recovery passkey')
            await person.enters({ 'Recovery passkey': passkey.toLowerCase().replaceAll('-', ' ') })
            await person.presses('Continue')
          },
        ],
        [
          'email',
          async (person, _passkey, email) => {
            await person.presses('Code by e-mail')
            await person.sees('Enter the code from your e-mail')
            await person.page.reload()
            await person.enters({ 'Code from the mail': codeIn(await mailbox.letterTo(email)) })
            await person.presses('Continue')
          },
        ],
        [
          'questions',
          async (person) => {
            await person.follows('Security questions')
            await answerQuestions(person, ['wrong', 'wrong', 'wrong'])
            await person.sees('At least one of these answers is not right')
            await answerQuestions(person, answers)
          },
        ],
      ]
      for (const [name, prove] of waysBack) {
        // One account each: a reset forgets the other ways.
        const [username, email] = [`Ada.${name}`, `${name}@example.com`]
        const owner = service.browser()
        await owner.post('/register', { username, password, confirmPassword: password, email })
        const passkey = await savePasskey(owner)
        await setQuestions(owner)
        // Only now: its owner would have letters about both.
        await service.database.query('update accounts set email_confirmed_at = now()')
        const person = await visit(t, chromium, { javaScriptEnabled })
        await person.opens(inbox)
        await person.follows('Sign in with Latchkey')
        await person.follows('Forgot your password?')
        await person.enters({ [nameField]: username })
        await person.presses('Continue')
        await person.sees('How can you show that it is you?')
        await prove(person, passkey, email)
        await person.sees('Choose a new password')
        await person.enters({ 'New password': 'short', 'New password again': 'short' })
        await person.presses('Set the new password')
        await person.sees('Please check what you entered')
        const typed = `${newPassword} ${name}`
        await person.enters({ 'New password': typed, 'New password again': typed })
        await person.presses('Set the new password')
        await person.sees('Sign in')
        t.match(await person.reads(), 'Your password is changed')
        await person.enters({ [nameField]: username, Password: typed })
        await person.presses('Sign in')
        await person.sees(`Hello, ${username}`)
        t.equal(person.page.url(), inbox)
        t.strictSame(person.complaints, [])
        await mailbox.letterTo(email)
        if (name === 'passkey') {
          await person.opens(`${latchkey}/dashboard`)
          await person.sees('Your recovery passkey')
        }
        await person.page.context().close()
      }
    },
  )
}

inChromium(
  'each question can be gone back from, reloaded, and opened in another tab',
  async (t, chromium) => {
    const { latchkey, service } = await startServiceWithApp(t)
    const ada = service.browser()
    await ada.post('/register', { username: 'Ada', password, confirmPassword: password })
    await savePasskey(ada)
    await setQuestions(ada)
    const person = await visit(t, chromium)
    const { page } = person
    const shown = () => page.getByRole('textbox').inputValue()
    await person.opens(`${latchkey}/recover`)
    await person.enters({ [nameField]: 'Ada' })
    await person.presses('Continue')
    await person.follows('Security questions')
    await submit(person, 'Metropolos', 'Next question')
    await person.sees('Question 2 of 3')
    await page.goBack()
    await person.sees('Question 1 of 3')
    t.equal(await shown(), '', 'whoever comes upon this browser reads no answer')
    await submit(person, 'Metropolis', 'Next question')
    await person.sees('Question 2 of 3')
    await page.reload()
    await person.sees('Question 2 of 3')
    await submit(person, answers[1], 'Next question')
    await person.sees('Question 3 of 3')
    await person.follows('Back to the question before')
    await person.sees('Question 2 of 3')
    t.equal(await shown(), '')
    await submit(person, '', 'Next question')
    await person.sees('Question 3 of 3')

    const tab = await person.opensTab()
    await tab.opens(page.url())
    await submit(tab, answers[2], 'Check the answers')
    await tab.sees('Choose a new password')
    await page.reload()
    await person.sees('Choose a new password')
    t.equal(page.url(), `${latchkey}/recover/reset`, 'the other tab goes along')
    t.strictSame(person.complaints, [])
  },
)

async function answerQuestions(person: Visitor, typed: readonly string[]): Promise<void> {
  for (const [index, answer] of typed.entries()) {
    await person.sees(`Question ${index + 1} of 3`)
    await submit(person, answer, index === 2 ? 'Check the answers' : 'Next question')
  }
}

async function submit(person: Visitor, answer: string, button: string): Promise<void> {
  await person.page.getByRole('textbox').fill(answer)
  await person.presses(button)
}
