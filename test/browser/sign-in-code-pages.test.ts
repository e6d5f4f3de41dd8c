import { checkState } from './check-state.js'
import { startServiceWithApp } from './service-with-app.js'
import { signInCodePageStates } from './sign-in-code-page-states.js'
import { inChromium } from './test-chromium.js'

inChromium(
  'the pages between password and session please axe, fit, are light and speak to nobody else',
  async (t, chromium) => {
    const site = await startServiceWithApp(t, { EMAIL_OTP: 'required' })
    for (const state of signInCodePageStates)
      await t.test(state.title, (t) => checkState(t, chromium, site, state))
  },
)
