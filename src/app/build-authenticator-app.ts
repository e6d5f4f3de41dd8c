import { AppSecrets } from '../authenticator-app/app-secrets.js'
import { AuthenticatorAppStore } from '../authenticator-app/authenticator-app-store.js'
import { AuthenticatorStep } from '../authenticator-app/authenticator-step.js'
import { EnrolmentStore } from '../authenticator-app/enrolment-store.js'
import { EnrolmentUpkeep } from '../authenticator-app/enrolment-upkeep.js'
import { RecoveryCodeStep } from '../authenticator-app/recovery-code-step.js'
import { RecoveryCodeStore } from '../authenticator-app/recovery-code-store.js'
import type { Site } from './app-parts.js'
import type { People } from './build-people.js'

export type AuthenticatorApp = ReturnType<typeof buildAuthenticatorApp>

/** The authenticator app and what stands in for it; built before the second step, which has a socket for both. */
export function buildAuthenticatorApp(
  { config, database, logger, now }: Site,
  { ownerLetters, securityEventRecorder }: People,
) {
  const appSecrets = new AppSecrets(config.tokens.keySecret)
  const authenticatorAppStore = new AuthenticatorAppStore(database)
  return {
    appSecrets,
    authenticatorStep: new AuthenticatorStep({ authenticatorAppStore, appSecrets, now }),
    recoveryCodeStep: new RecoveryCodeStep({
      recoveryCodeStore: new RecoveryCodeStore(database),
      securityEventRecorder,
      tellOwner: (...news) => ownerLetters.tell(...news),
      now,
    }),
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
