import { DashboardHandler } from '../profile/dashboard-handler.js'
import { DashboardPageCreator } from '../profile/dashboard-page-creator.js'
import type { Site } from './app-parts.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'

/** What lies behind the door. */
export function buildProfile({ site, ground, people }: { site: Site; ground: Ground; people: People }) {
  const { now, view } = site
  const { sessionCookie } = ground
  const { sessionKeeper } = people
  return {
    handlers: [
      new DashboardHandler({
        dashboardPageCreator: new DashboardPageCreator(view),
        sessionKeeper,
        sessionCookie,
        now,
      }),
    ],
    upkeep: [],
  }
}
