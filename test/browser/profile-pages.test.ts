import { checkState } from './check-state.js'
import { profilePageStates } from './profile-page-states.js'
import { startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'

inChromium(
  'every page behind the door pleases axe, fits, is light and speaks to nobody else',
  async (t, chromium) => {
    const site = await startServiceWithApp(t, { EMAIL_OTP: 'optional' })
    for (const state of profilePageStates)
      await t.test(state.title, (t) => checkState(t, chromium, site, state))
  },
)
