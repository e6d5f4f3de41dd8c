import { DoctorHandler } from '../doctor/doctor-handler.js'
import { DoctorProbeStore } from '../doctor/doctor-probe-store.js'
import { TrustedPeers } from '../http/trusted-peers.js'
import { AccessRules } from '../sibling-apps/access-rules.js'
import { AllowedOriginStore } from '../sibling-apps/allowed-origin-store.js'
import { AllowedOrigins } from '../sibling-apps/allowed-origins.js'
import { DestinationReader } from '../sibling-apps/destination-reader.js'
import { GateHandler } from '../sibling-apps/gate-handler.js'
import { GatePageCreator } from '../sibling-apps/gate-page-creator.js'
import { GateShortcut } from '../sibling-apps/gate-shortcut.js'
import { Gatekeeper } from '../sibling-apps/gatekeeper.js'
import { originsUnder } from '../sibling-apps/origins-under.js'
import { RedirectPolicy } from '../sibling-apps/redirect-policy.js'
import { RefusedRedirectPageCreator } from '../sibling-apps/refused-redirect-page-creator.js'
import { SessionHandler } from '../sibling-apps/session-handler.js'
import type { Site } from './app-parts.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'

export type SiblingApps = ReturnType<typeof buildSiblingApps>

/** Where people may be sent, who may enter there, and the doctor who looks at how that is set up. */
export function buildSiblingApps({ site, ground, people }: { site: Site; ground: Ground; people: People }) {
  const { config, database, logger, now, view } = site
  const { publicOrigin, cookieDomain, trustedProxies } = config
  const { sessionFinder, sessionKeeper } = people
  const underDomain =
    cookieDomain === null || publicOrigin === null ? [] : originsUnder(cookieDomain, publicOrigin)
  const allowedOrigins = new AllowedOrigins({
    fromSetting: [...underDomain, ...config.allowedRedirectOrigins],
    allowedOriginStore: new AllowedOriginStore(database),
    logger,
  })
  const redirectPolicy = new RedirectPolicy(allowedOrigins)
  const gatekeeper = new Gatekeeper({
    redirectPolicy,
    accessRules: new AccessRules(config.accessRules),
    trustedPeers: new TrustedPeers(trustedProxies),
    publicOrigin,
  })
  return {
    allowedOrigins,
    redirectPolicy,
    gateShortcut: new GateShortcut({
      sessionCookie: ground.sessionCookie,
      sessionKeeper,
      gatekeeper,
      size: config.sessions.cacheSize,
    }),
    destinationReader: new DestinationReader(redirectPolicy, publicOrigin),
    refusedRedirectPageCreator: new RefusedRedirectPageCreator(view),
    handlers: [
      new SessionHandler({ sessionFinder, sessionKeeper, publicOrigin }),
      new GateHandler({
        sessionFinder,
        redirectPolicy,
        gatekeeper,
        gatePageCreator: new GatePageCreator(view),
        publicOrigin,
      }),
      new DoctorHandler({
        doctorProbeStore: new DoctorProbeStore(database),
        settings: () => ({
          publicOrigin,
          trustedProxies,
          cookieDomain,
          allowedOrigins: allowedOrigins.sources,
        }),
        now,
      }),
    ],
    upkeep: [allowedOrigins],
  }
}
