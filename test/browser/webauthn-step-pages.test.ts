import { checkState } from './check-state.js'
import { startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'
import { webauthnStepPageStates } from './webauthn-step-page-states.js'

inChromium(
  'the pages of passkeys after the password please axe, fit, are light and speak to nobody else',
  async (t, chromium) => {
    const site = await startServiceWithApp(t)
    for (const state of webauthnStepPageStates)
      await t.test(state.title, (t) => checkState(t, chromium, site, state))
  },
)
