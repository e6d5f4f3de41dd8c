import { WebauthnStep } from '../webauthn-step/webauthn-step.js'
import { AssertionJudge } from '../webauthn/assertion-judge.js'
import { ChallengeDesk } from '../webauthn/challenge-desk.js'
import { CopyAlarm } from '../webauthn/copy-alarm.js'
import { CredentialStore } from '../webauthn/credential-store.js'
import { loadVerifier } from '../webauthn/load-verifier.js'
import { WebauthnStepStore } from '../webauthn/webauthn-step-store.js'
import type { Site } from './app-parts.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'

export type Credentials = ReturnType<typeof buildCredentials>

/** Passkeys, and what judges their signatures; built before the second step, which has a socket for them. */
export function buildCredentials(
  { config, database, logger: log, now }: Site,
  ground: Ground,
  { accountStore, ownerLetters, securityEventRecorder }: People,
) {
  const challengeDesk = new ChallengeDesk({ ...ground, loadVerifier, now })
  const credentialStore = new CredentialStore(database)
  const webauthnStepStore = new WebauthnStepStore(database)
  const copyAlarm = new CopyAlarm({
    database,
    accountStore,
    tellOwner: (...news) => ownerLetters.tell(...news),
    log,
    now,
  })
  const assertionJudge = new AssertionJudge({ challengeDesk, credentialStore, copyAlarm, now })
  const judging = { challengeDesk, credentialStore, webauthnStepStore, assertionJudge }
  const { publicOrigin } = config
  const webauthnStep = new WebauthnStep({ ...judging, securityEventRecorder, publicOrigin, now })
  return { ...judging, webauthnStep }
}
