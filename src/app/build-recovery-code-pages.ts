import { recoveryCodeWords, StepPageCreator } from '../authenticator-app/step-page-creator.js'
import { StepPage } from '../authenticator-app/step-page.js'
import { RecoveryCodesPageCreator } from '../recovery-codes/recovery-codes-page-creator.js'
import { StepApiHandler } from '../second-factor/step-api-handler.js'
import { StepHandler } from '../second-factor/step-handler.js'
import type { Site } from './app-parts.js'
import type { RecoveryCodes } from './build-recovery-codes.js'
import type { SecondFactorPages } from './build-second-factor-pages.js'

export type RecoveryCodePages = ReturnType<typeof buildRecoveryCodePages>

type Parts = { site: Site; recoveryCodes: RecoveryCodes; secondFactorPages: SecondFactorPages }

/** Both faces of recovery codes at sign-in, and the page that shows them; none where they stand in for nothing. */
export function buildRecoveryCodePages({ site, recoveryCodes, secondFactorPages }: Parts) {
  const { config, now, view } = site
  const { recoveryCodeStep: step, isOffered } = recoveryCodes
  const { bothFaces, places } = secondFactorPages
  const { name } = step
  const stepPageCreator = new StepPageCreator(view, config.secondFactor.trustSeconds)
  const handlers = [
    ...places.map((place) => {
      const page = new StepPage({ ...place, name, words: recoveryCodeWords, stepPageCreator })
      return new StepHandler({ ...bothFaces, ...place, step, page })
    }),
    new StepApiHandler({ ...bothFaces, step }),
  ]
  return {
    recoveryCodesPageCreator: new RecoveryCodesPageCreator(view, now),
    handlers: isOffered ? handlers : [],
    upkeep: [],
  }
}
