import { addAccount, password, type ServiceWithApp } from './service-with-app.js'
import type { PageState } from './page-states.js'
import type { Visitor } from './visitor.js'

const name = 'Username or e-mail address'
const worker = '**/captcha-worker.*'

/** Fails so often, on other browsers, that the next try of this name wants a captcha. */
export async function failElsewhere({ service }: ServiceWithApp, username: string): Promise<void> {
  for (let failures = 0; failures < 3; failures++)
    await service.browser().post('/login', { username, password: 'wrong' })
}

async function submit(person: Visitor, { latchkey }: ServiceWithApp, username: string) {
  await person.opens(`${latchkey}/login`)
  await person.enters({ [name]: username, Password: password })
  await person.presses('Sign in')
}

/** Whoever cannot run the check has the question before them. */
async function submitWithoutWorker(person: Visitor, site: ServiceWithApp, username: string) {
  await person.page.route(worker, (route) => route.abort())
  await failElsewhere(site, username)
  await submit(person, site, username)
  await person.page.locator('#captchaAnswer').waitFor()
}

/** Every page with a captcha, on a service that asks for one after three failures. */
export const captchaPageStates: PageState[] = [
  {
    title: 'login that wants a captcha',
    heading: 'One more step, please',
    reach: async (person, site) => {
      await addAccount(site.service, 'Checked')
      await failElsewhere(site, 'Checked')
      await submit(person, site, 'Checked')
      await person.page.getByText('Checked: you are not').waitFor()
    },
  },
  {
    title: 'login with a question',
    heading: 'One more step, please',
    reach: (person, site) => submitWithoutWorker(person, site, 'Asked'),
  },
  {
    title: 'login with a wrong answer',
    heading: 'One more step, please',
    reach: async (person, site) => {
      await submitWithoutWorker(person, site, 'Asked again')
      await person.page.locator('#captchaAnswer').fill('horse')
      await person.enters({ Password: password })
      await person.presses('Sign in')
      await person.page.getByText('each question can be tried once').waitFor()
    },
  },
]

/** The register page where that asks for a captcha. */
export const registerCaptchaPageState: PageState = {
  title: 'register with a captcha',
  heading: 'Create an account',
  reach: async (person, { latchkey }) => {
    await person.opens(`${latchkey}/register`)
    await person.page.getByText('Checked: you are not').waitFor()
  },
}
