import { startStandIn } from '../openid-sign-in/stand-in-provider.js'
import { checkState } from './check-state.js'
import { openidPageStates } from './openid-page-states.js'
import { startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'

inChromium(
  'the pages around another service please axe, fit, are light and speak to nobody else',
  async (t, chromium) => {
    const provider = await startStandIn(t)
    const site = await startServiceWithApp(t, provider.settings)
    for (const state of openidPageStates(provider))
      await t.test(state.title, (t) => checkState(t, chromium, site, state))
  },
)
