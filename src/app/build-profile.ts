import { DashboardHandler } from '../profile/dashboard-handler.js'
import { DashboardPageCreator } from '../profile/dashboard-page-creator.js'
import type { Site } from './app-parts.js'
import type { SignIn } from './build-sign-in.js'

/** What lies behind the door. */
export function buildProfile({ site, signIn }: { site: Site; signIn: SignIn }) {
  const { view } = site
  const { door } = signIn
  return {
    handlers: [new DashboardHandler({ dashboardPageCreator: new DashboardPageCreator(view), door })],
    upkeep: [],
  }
}
