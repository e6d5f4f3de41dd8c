import { checkState } from './check-state.js'
import { pageStates } from './page-states.js'
import { addAccount, password, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import type { Visitor } from './visitor.js'

inChromium(
  'every page in every state pleases axe, fits, is light and speaks to nobody else',
  async (t, chromium) => {
    const site = await startServiceWithApp(t)
    await addAccount(site.service, 'Ada')
    for (const state of pageStates) await t.test(state.title, (t) => checkState(t, chromium, site, state))
  },
)

inChromium('so do a merged refusal and a busy service with a long name', async (t, chromium) => {
  const site = await startServiceWithApp(t, {
    SERVICE_NAME: `The sign-in of the ${'Donaudampfschifffahrts'.repeat(3)}gesellschaft`,
    REVEAL_ACCOUNT_EXISTENCE: 'false',
    PASSWORD_HASH_ITERATIONS: '64',
    PASSWORD_HASH_MEMORY_KIB: '19456',
    PASSWORD_HASH_CONCURRENCY: '1',
    PASSWORD_HASH_QUEUE_LIMIT: '1',
  })
  const tryToSignIn = async (person: Visitor) => {
    await person.opens(`${site.latchkey}/login`)
    await person.enters({ 'Username or e-mail address': 'Nobody', Password: password })
    await person.presses('Sign in')
  }
  const merged = { title: 'merged', heading: 'The name or the password is not right', reach: tryToSignIn }
  await t.test('merged refusal', (t) => checkState(t, chromium, site, merged))
  const others: Promise<unknown>[] = []
  const reach = async (person: Visitor) => {
    for (let i = 0; i < 8; i++)
      others.push(site.service.browser().post('/login', { username: 'x', password }))
    await tryToSignIn(person)
  }
  const busy = { title: 'busy', heading: 'Just a moment, please', reach }
  await t.test('busy', (t) => checkState(t, chromium, site, busy))
  await Promise.all(others)
})
