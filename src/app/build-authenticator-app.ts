import { AppSecrets } from '../authenticator-app/app-secrets.js'
import { AuthenticatorAppStore } from '../authenticator-app/authenticator-app-store.js'
import { AuthenticatorStep } from '../authenticator-app/authenticator-step.js'
import { EnrolmentStore } from '../authenticator-app/enrolment-store.js'
import { EnrolmentUpkeep } from '../authenticator-app/enrolment-upkeep.js'
import type { Site } from './app-parts.js'

export type AuthenticatorApp = ReturnType<typeof buildAuthenticatorApp>

/** The authenticator app; built before the second step, which has a socket for it. */
export function buildAuthenticatorApp({ config, database, logger, now }: Site) {
  const appSecrets = new AppSecrets(config.tokens.keySecret)
  const authenticatorAppStore = new AuthenticatorAppStore(database)
  return {
    appSecrets,
    authenticatorStep: new AuthenticatorStep({ authenticatorAppStore, appSecrets, now }),
    handlers: [],
    upkeep: [
      new EnrolmentUpkeep({
        enrolmentStore: new EnrolmentStore(database),
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
