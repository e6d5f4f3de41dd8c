import { checkState } from './check-state.js'
import { recoveryPasskeyPageStates } from './recovery-passkey-page-states.js'
import { addAccount, startServiceWithApp } from './service-with-app.js'
import { inChromium } from './test-chromium.js'

inChromium(
  'the pages of recovery passkeys please axe, fit, are light and speak to nobody else',
  async (t, chromium) => {
    // No mail gets there; but recovery by mail is offered.
    const site = await startServiceWithApp(t, { SMTP_URL: 'smtp://127.0.0.1:9' })
    await addAccount(site.service, 'Ada')
    for (const state of recoveryPasskeyPageStates)
      await t.test(state.title, (t) => checkState(t, chromium, site, state))
  },
)
