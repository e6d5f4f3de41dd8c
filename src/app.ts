import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { AccountStore } from './accounts/account-store.js'
import { CommonPasswords } from './accounts/common-passwords.js'
import { AttemptGuard } from './attempts/attempt-guard.js'
import { AttemptUpkeep } from './attempts/attempt-upkeep.js'
import { FailedAddressStore } from './attempts/failed-address-store.js'
import { FailedAttemptStore } from './attempts/failed-attempt-store.js'
import { KnownDeviceStore } from './attempts/known-device-store.js'
import type { Config } from './config.js'
import type { Database } from './database/database.js'
import { DoctorHandler } from './doctor/doctor-handler.js'
import { DoctorProbeStore } from './doctor/doctor-probe-store.js'
import { DeviceCookie } from './http/device-cookie.js'
import { HealthHandler } from './http/health-handler.js'
import { createServer } from './http/server.js'
import { SessionCookie } from './http/session-cookie.js'
import { TrustedPeers } from './http/trusted-peers.js'
import { DashboardHandler } from './profile/dashboard-handler.js'
import { DashboardPageCreator } from './profile/dashboard-page-creator.js'
import { PasswordHasher } from './secrets/password-hasher.js'
import { SessionCache } from './sessions/session-cache.js'
import { SessionKeeper } from './sessions/session-keeper.js'
import { SessionStore } from './sessions/session-store.js'
import { SessionUpkeep } from './sessions/session-upkeep.js'
import { AccessRules } from './sibling-apps/access-rules.js'
import { AllowedOriginStore } from './sibling-apps/allowed-origin-store.js'
import { AllowedOrigins } from './sibling-apps/allowed-origins.js'
import { DestinationReader } from './sibling-apps/destination-reader.js'
import { GateHandler } from './sibling-apps/gate-handler.js'
import { GatePageCreator } from './sibling-apps/gate-page-creator.js'
import { originsUnder } from './sibling-apps/origins-under.js'
import { RedirectPolicy } from './sibling-apps/redirect-policy.js'
import { RefusedRedirectPageCreator } from './sibling-apps/refused-redirect-page-creator.js'
import { SessionHandler } from './sibling-apps/session-handler.js'
import { HttpHandler } from './sign-in/http-handler.js'
import { LoginPageCreator } from './sign-in/login-page-creator.js'
import { LogoutHandler } from './sign-in/logout-handler.js'
import { LogoutPageCreator } from './sign-in/logout-page-creator.js'
import { RegisterPageCreator } from './sign-in/register-page-creator.js'
import { RequestParser } from './sign-in/request-parser.js'
import { UserAuthenticator } from './sign-in/user-authenticator.js'

export type AppParts = {
  config: Config
  database: Database
  logger: FastifyBaseLogger
  /** Whether the database is reachable and its tables are those of this release. */
  isReady: () => Promise<boolean>
  now?: () => Date
}

/** Builds all rooms and joins them, ground floor first. Closing the server closes what was opened here. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const { config, database, logger, isReady, now = () => new Date() } = parts
  const { publicOrigin, cookieDomain, serviceName, revealAccountExistence } = config

  const passwordHasher = new PasswordHasher({ ...config.passwords.hashing, logger })
  const commonPasswords = new CommonPasswords()
  const accountStore = new AccountStore(database)
  const sessionStore = new SessionStore(database)
  const sessionChanges = database.listener({ channel: 'latchkey_sessions', isReady, log: logger })
  const sessionCache = new SessionCache({
    sessionStore,
    size: config.sessions.cacheSize,
    isCurrent: () => sessionChanges.isCurrent(),
  })
  const sessionKeeper = new SessionKeeper({ ...config.sessions, sessionStore, sessionCache, now })
  const sessionUpkeep = new SessionUpkeep(sessionKeeper, config.sessions.sweepIntervalSeconds, logger)
  const sessionCookie = new SessionCookie(config)
  const underDomain =
    cookieDomain === null || publicOrigin === null ? [] : originsUnder(cookieDomain, publicOrigin)
  const allowedOrigins = new AllowedOrigins({
    fromSetting: [...underDomain, ...config.allowedRedirectOrigins],
    allowedOriginStore: new AllowedOriginStore(database),
    logger,
  })
  const redirectPolicy = new RedirectPolicy(allowedOrigins)
  const destinationReader = new DestinationReader(redirectPolicy, publicOrigin)
  const requestParser = new RequestParser({
    destinationReader,
    commonPasswords,
    minimumPasswordLength: config.passwords.minimumLength,
    serviceName,
  })
  const attemptParts = {
    failedAttemptStore: new FailedAttemptStore(database),
    failedAddressStore: new FailedAddressStore(database),
    knownDeviceStore: new KnownDeviceStore(database),
    limits: config.attempts,
    now,
  }
  const attemptUpkeep = new AttemptUpkeep({
    ...attemptParts,
    intervalSeconds: config.sessions.sweepIntervalSeconds,
    logger,
  })
  const userAuthenticator = new UserAuthenticator({
    signInGate: new AttemptGuard(attemptParts),
    accountStore,
    sessionKeeper,
    passwordHasher,
    sessionTokenValidityDurationSeconds: config.sessions.validitySeconds,
    now,
  })

  const formTargets = () => allowedOrigins.sources
  const app = await createServer({ ...config, logger, formTargets }, (server, view) => {
    const refusedRedirectPageCreator = new RefusedRedirectPageCreator(view)
    const signIn = { destinationReader, refusedRedirectPageCreator, sessionKeeper, sessionCookie }
    const rooms = [
      new HealthHandler(isReady),
      new HttpHandler({
        ...signIn,
        deviceCookie: new DeviceCookie({
          publicOrigin,
          validitySeconds: config.attempts.knownDeviceSeconds,
        }),
        requestParser,
        userAuthenticator,
        loginPageCreator: new LoginPageCreator(view, { revealAccountExistence }),
        registerPageCreator: new RegisterPageCreator(view, {
          minimumPasswordLength: config.passwords.minimumLength,
        }),
        now,
      }),
      new LogoutHandler({ ...signIn, logoutPageCreator: new LogoutPageCreator(view) }),
      new SessionHandler({ sessionKeeper, sessionCookie, publicOrigin }),
      new GateHandler({
        sessionKeeper,
        sessionCookie,
        redirectPolicy,
        accessRules: new AccessRules(config.accessRules),
        trustedPeers: new TrustedPeers(config.trustedProxies),
        gatePageCreator: new GatePageCreator(view),
        publicOrigin,
      }),
      new DoctorHandler({
        doctorProbeStore: new DoctorProbeStore(database),
        settings: () => ({
          publicOrigin,
          trustedProxies: config.trustedProxies,
          cookieDomain,
          allowedOrigins: allowedOrigins.sources,
        }),
        now,
      }),
      new DashboardHandler({
        dashboardPageCreator: new DashboardPageCreator(view),
        sessionKeeper,
        sessionCookie,
        now,
      }),
    ]
    for (const room of rooms) room.addRoutes(server)
  })

  app.addHook('onReady', async () => {
    sessionUpkeep.start()
    attemptUpkeep.start()
    await allowedOrigins.start()
  })
  app.addHook('onListen', async () => passwordHasher.start())
  app.addHook('onListen', async () => {
    if (config.sessions.cacheSize > 0) sessionChanges.start(sessionCache)
  })
  app.addHook('onClose', async () => {
    await sessionChanges.close()
    await sessionUpkeep.stop()
    await attemptUpkeep.stop()
    await allowedOrigins.stop()
    await passwordHasher.close()
  })
  return app
}
