import { AccountStore } from '../accounts/account-store.js'
import { CommonPasswords } from '../accounts/common-passwords.js'
import { NewPasswordReader } from '../accounts/new-password-reader.js'
import { ProfileStore } from '../accounts/profile-store.js'
import { OwnerLetters } from '../profile/owner-letters.js'
import { SecurityEventRecorder } from '../security-events/security-event-recorder.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import { SecurityEventUpkeep } from '../security-events/security-event-upkeep.js'
import { EndedSessionStore } from '../sessions/ended-session-store.js'
import { SessionCache } from '../sessions/session-cache.js'
import { SessionFinder } from '../sessions/session-finder.js'
import { SessionKeeper } from '../sessions/session-keeper.js'
import { SessionListStore } from '../sessions/session-list-store.js'
import { SessionStore } from '../sessions/session-store.js'
import { SessionUpkeep } from '../sessions/session-upkeep.js'
import type { Site } from './app-parts.js'
import type { Ground } from './build-ground.js'

export type People = ReturnType<typeof buildPeople>

/** Who exists, who is signed in where, what has happened to them, and the letters that tell them. */
export function buildPeople(
  { config, database, logger, isReady, now }: Site,
  { sessionCookie, mailOutbox }: Ground,
) {
  const sessionStore = new SessionStore(database)
  const sessionChanges = database.listener({ channel: 'latchkey_sessions', isReady, log: logger })
  const sessionCache = new SessionCache({
    sessionStore,
    size: config.sessions.cacheSize,
    isCurrent: () => sessionChanges.isCurrent(),
  })
  const sessionKeeper = new SessionKeeper({
    ...config.sessions,
    sessionStore,
    sessionListStore: new SessionListStore(database),
    sessionCache,
    now,
  })
  const endedSessionStore = new EndedSessionStore(database)
  const securityEventStore = new SecurityEventStore(database)
  const securityEventRecorder = new SecurityEventRecorder(securityEventStore, logger)
  const intervalSeconds = config.sessions.sweepIntervalSeconds
  return {
    accountStore: new AccountStore(database),
    profileStore: new ProfileStore(database),
    newPasswordReader: new NewPasswordReader({
      commonPasswords: new CommonPasswords(),
      minimumLength: config.passwords.minimumLength,
      serviceName: config.serviceName,
    }),
    sessionChanges,
    sessionCache,
    sessionKeeper,
    sessionFinder: new SessionFinder({ sessionCookie, sessionKeeper }),
    sessionStore,
    endedSessionStore,
    securityEventRecorder,
    ownerLetters: new OwnerLetters({ ...config, mailOutbox, now }),
    handlers: [],
    upkeep: [
      new SessionUpkeep({ sessionKeeper, endedSessionStore, intervalSeconds, log: logger, now }),
      new SecurityEventUpkeep({
        securityEventStore,
        ...config.securityEvents,
        intervalSeconds,
        log: logger,
        now,
      }),
      securityEventRecorder,
    ],
  }
}
