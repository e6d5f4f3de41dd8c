import { DashboardHandler } from '../profile/dashboard-handler.js'
import { DashboardPageCreator } from '../profile/dashboard-page-creator.js'
import type { Site } from './app-parts.js'
import type { Passkeys } from './build-passkeys.js'
import type { SignIn } from './build-sign-in.js'

/** What lies behind the door. */
export function buildProfile({ site, signIn, passkeys }: { site: Site; signIn: SignIn; passkeys: Passkeys }) {
  const { view } = site
  const { door } = signIn
  const { passkeyReminder } = passkeys
  return {
    handlers: [
      new DashboardHandler({ dashboardPageCreator: new DashboardPageCreator(view), passkeyReminder, door }),
    ],
    upkeep: [],
  }
}
