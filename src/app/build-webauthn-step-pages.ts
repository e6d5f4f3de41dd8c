import { ProfileDoor } from '../profile/profile-door.js'
import { StepApiHandler } from '../second-factor/step-api-handler.js'
import { StepHandler } from '../second-factor/step-handler.js'
import { StepSwitchHandler } from '../webauthn-step/step-switch-handler.js'
import { StepSwitchPageCreator } from '../webauthn-step/step-switch-page-creator.js'
import { WebauthnStepKeeper } from '../webauthn-step/webauthn-step-keeper.js'
import { WebauthnStepOptionsHandler } from '../webauthn-step/webauthn-step-options-handler.js'
import { WebauthnStepPageCreator } from '../webauthn-step/webauthn-step-page-creator.js'
import { WebauthnStepPage } from '../webauthn-step/webauthn-step-page.js'
import type { Site } from './app-parts.js'
import type { Credentials } from './build-credentials.js'
import type { Passkeys } from './build-passkeys.js'
import type { People } from './build-people.js'
import type { RecoveryCodePages } from './build-recovery-code-pages.js'
import type { SecondFactorPages } from './build-second-factor-pages.js'
import type { SignIn } from './build-sign-in.js'
import type { Sudo } from './build-sudo-mode.js'
import type { Floor } from './floor.js'

type Parts = {
  site: Site
  people: People
  credentials: Credentials
  passkeys: Passkeys
  signIn: SignIn
  sudo: Sudo
  secondFactorPages: SecondFactorPages
  recoveryCodePages: RecoveryCodePages
}

/** Passkeys after the password: both faces at sign-in, and where their owner turns that on; none where there are no passkeys. */
export function buildWebauthnStepPages(parts: Parts): Floor {
  const { site, people, credentials, passkeys, signIn, sudo, secondFactorPages, recoveryCodePages } = parts
  const { config, database, now, view } = site
  if (!config.webauthn.isOffered) return { handlers: [], upkeep: [] }
  const { bothFaces, places } = secondFactorPages
  const { webauthnStep } = credentials
  const { publicOrigin, secondFactor } = config
  const webauthnStepPageCreator = new WebauthnStepPageCreator(view, secondFactor.trustSeconds)
  return {
    handlers: [
      ...places.map((place) => {
        const page = new WebauthnStepPage({ ...place, webauthnStep, webauthnStepPageCreator, publicOrigin })
        return new StepHandler({ ...bothFaces, ...place, step: webauthnStep, page })
      }),
      new StepApiHandler({ ...bothFaces, step: webauthnStep }),
      new WebauthnStepOptionsHandler({ ...bothFaces, webauthnStep, publicOrigin }),
      new StepSwitchHandler({
        ...signIn,
        ...sudo,
        ...recoveryCodePages,
        sensitiveDoor: new ProfileDoor({ ...signIn, ...passkeys, door: sudo.sensitiveDoor }),
        webauthnStepKeeper: new WebauthnStepKeeper({
          database,
          tellOwner: (...news) => people.ownerLetters.tell(...news),
          now,
        }),
        stepSwitchPageCreator: new StepSwitchPageCreator(view),
      }),
    ],
    upkeep: [],
  }
}
