import { savePasskey } from '../flows/save-passkey.js'
import { setQuestions } from '../flows/recovery-scene.js'
import type { PageState } from './page-states.js'
import { password, type ServiceWithApp } from './service-with-app.js'
import type { Visitor } from './visitor.js'

const nameField = 'Username or e-mail address'
const wrongPasskey = '0000-0000-0000-0000-0000-0000'
let accounts = 0

/** The pages of a forgotten password, on a service with a mail server. */
export const recoveryPageStates: PageState[] = [
  {
    title: 'forgot password',
    heading: 'Forgot your password?',
    reach: (person, { latchkey }) => person.opens(`${latchkey}/recover`),
  },
  {
    title: 'forgot password of nobody',
    heading: 'No account has this username',
    reach: (person, site) => begin(person, site, 'Nobody'),
  },
  {
    title: 'ways back of an account that has all',
    heading: 'How can you show that it is you?',
    reach: (person, site) => beginWithAll(person, site),
  },
  {
    title: 'ways back of an account that has none',
    heading: 'This account has no way back of its own',
    reach: async (person, site) => {
      const username = 'wolfeschlegelsteinhausenbergerda'
      await site.service.browser().post('/register', { username, password, confirmPassword: password })
      await begin(person, site, username)
    },
  },
  proof('recovery passkey asked for', 'Recovery passkey', 'Enter your recovery passkey'),
  {
    title: 'recovery passkey that is wrong',
    heading: 'This recovery passkey is not right',
    reach: async (person, site) => {
      await beginWithAll(person, site)
      await person.follows('Recovery passkey')
      await submit(person, 'Recovery passkey', wrongPasskey)
    },
  },
  {
    title: 'recovery passkey that cannot be one',
    heading: 'Please check what you entered',
    reach: async (person, site) => {
      await beginWithAll(person, site)
      await person.follows('Recovery passkey')
      await submit(person, 'Recovery passkey', 'ABC')
    },
  },
  {
    title: 'recovery passkey tried too often',
    heading: 'Too many failed attempts',
    reach: async (person, site) => {
      await beginWithAll(person, site)
      await person.follows('Recovery passkey')
      for (let failures = 0; failures < 5; failures++) await submit(person, 'Recovery passkey', wrongPasskey)
    },
  },
  {
    title: 'code by e-mail asked for',
    heading: 'Enter the code from your e-mail',
    reach: async (person, site) => {
      await beginWithAll(person, site)
      await person.presses('Code by e-mail')
    },
  },
  proof('reset code asked for', 'Enter a reset code', 'Enter your reset code'),
  {
    title: 'the last security question',
    heading: 'Question 3 of 3',
    reach: (person, site) => answerTwo(person, site),
  },
  {
    title: 'a security question that was answered',
    heading: 'Question 2 of 3',
    reach: async (person, site) => {
      await answerTwo(person, site)
      await person.follows('Back to the question before')
    },
  },
  {
    title: 'security questions with a wrong answer',
    heading: 'At least one of these answers is not right',
    reach: async (person, site) => {
      await answerTwo(person, site)
      await submit(person, /boss/, 'wrong', 'Check the answers')
    },
  },
  {
    title: 'new password after a recovery',
    heading: 'Choose a new password',
    reach: (person, site) => proved(person, site),
  },
  {
    title: 'new password that cannot be used',
    heading: 'Please check what you entered',
    reach: async (person, site) => {
      await proved(person, site)
      await person.enters({ 'New password': 'password1', 'New password again': 'other' })
      await person.presses('Set the new password')
    },
  },
  {
    title: 'recovery that is over',
    heading: 'Please begin again',
    reach: (person, { latchkey }) => person.opens(`${latchkey}/recover/method`),
  },
]

/** The pages on which security questions are set up. */
export const securityQuestionPageStates: PageState[] = [
  {
    title: 'security questions not set yet',
    heading: 'Security questions',
    reach: async (person, site) => {
      await signIn(person, site, await addAccount(site))
      await person.opens(`${site.latchkey}/profile/questions`)
    },
  },
  {
    title: 'security questions with everything wrong',
    heading: 'Please check what you entered',
    reach: async (person, site) => {
      await signIn(person, site, await addAccount(site))
      await person.opens(`${site.latchkey}/profile/questions`)
      await person.enters({ 'Answer to question 1': 'x' })
      await person.presses('Save questions and answers')
    },
  },
  {
    title: 'security questions that are set',
    heading: 'Security questions',
    reach: async (person, site) => {
      await signIn(person, site, await addAccount(site, true))
      await person.opens(`${site.latchkey}/profile/questions`)
    },
  },
  {
    title: 'security questions to be removed, with the wrong password',
    heading: 'This password is not right',
    reach: async (person, site) => {
      await signIn(person, site, await addAccount(site, true))
      await person.opens(`${site.latchkey}/profile/questions/remove`)
      await person.enters({ 'Your password': 'wrong' })
      await person.presses('Remove the questions')
    },
  },
]

function proof(title: string, link: string, heading: string): PageState {
  const reach = async (person: Visitor, site: ServiceWithApp) => {
    await beginWithAll(person, site)
    await person.follows(link)
  }
  return { title, heading, reach }
}

async function begin(person: Visitor, { latchkey }: ServiceWithApp, username: string): Promise<void> {
  await person.opens(`${latchkey}/recover`)
  await person.enters({ [nameField]: username })
  await person.presses('Continue')
}

async function beginWithAll(person: Visitor, site: ServiceWithApp): Promise<void> {
  await begin(person, site, await addAccount(site, true))
}

async function answerTwo(person: Visitor, site: ServiceWithApp): Promise<void> {
  await beginWithAll(person, site)
  await person.follows('Security questions')
  await submit(person, /cinema/, 'Metropolis', 'Next question')
  await submit(person, /dish/, 'Soup', 'Next question')
}

async function proved(person: Visitor, site: ServiceWithApp): Promise<void> {
  await beginWithAll(person, site)
  await person.follows('Recovery passkey')
  await submit(person, 'Recovery passkey', passkeys.get(`Recover${accounts}`) ?? '')
}

async function submit(person: Visitor, label: string | RegExp, text: string, button = 'Continue') {
  await person.page.getByRole('textbox', { name: label }).fill(text)
  await person.presses(button)
}

const passkeys = new Map<string, string>()

/** An account with a confirmed address and a saved passkey; its name. */
async function addAccount({ service }: ServiceWithApp, hasQuestions = false): Promise<string> {
  const username = `Recover${++accounts}`
  const browser = service.browser()
  const email = `${username}@example.com`
  await browser.post('/register', { username, password, confirmPassword: password, email })
  await service.database.query('update accounts set email_confirmed_at = now() where username = $1', [
    username,
  ])
  passkeys.set(username, await savePasskey(browser))
  if (hasQuestions) await setQuestions(browser)
  return username
}

async function signIn(person: Visitor, { latchkey }: ServiceWithApp, username: string): Promise<void> {
  await person.opens(`${latchkey}/login`)
  await person.enters({ [nameField]: username, Password: password })
  await person.presses('Sign in')
  await person.sees(`Hello, ${username}`)
}
