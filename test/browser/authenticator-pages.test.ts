import { authenticatorPageStates } from './authenticator-page-states.js'
import { checkState } from './check-state.js'
import { startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'

inChromium(
  'the pages of the authenticator app please axe, fit, are light and speak to nobody else',
  async (t, chromium) => {
    const site = await startServiceWithApp(t, {
      EMAIL_OTP: 'optional',
      FAILED_ATTEMPTS_PER_ADDRESS: '1000',
      SERVICE_NAME: 'Verein für Dampfschifffahrt an der Donau',
    })
    for (const state of authenticatorPageStates)
      await t.test(state.title, (t) => checkState(t, chromium, site, state))
  },
)
