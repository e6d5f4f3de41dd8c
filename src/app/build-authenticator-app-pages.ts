import { AuthenticatorAppHandler } from '../authenticator-app/authenticator-app-handler.js'
import { AuthenticatorAppKeeper } from '../authenticator-app/authenticator-app-keeper.js'
import { AuthenticatorAppPageCreator } from '../authenticator-app/authenticator-app-page-creator.js'
import { SetUpHandler } from '../authenticator-app/set-up-handler.js'
import { authenticatorWords, StepPageCreator } from '../authenticator-app/step-page-creator.js'
import { StepPage } from '../authenticator-app/step-page.js'
import { ProfileDoor } from '../profile/profile-door.js'
import { StepApiHandler } from '../second-factor/step-api-handler.js'
import { StepHandler } from '../second-factor/step-handler.js'
import type { Site } from './app-parts.js'
import type { AuthenticatorApp } from './build-authenticator-app.js'
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
  passkeys: Passkeys
  signIn: SignIn
  sudo: Sudo
  authenticatorApp: AuthenticatorApp
  secondFactorPages: SecondFactorPages
  recoveryCodePages: RecoveryCodePages
}

/** The pages of the authenticator app in the profile, and its two faces at sign-in; none where it is not offered. */
export function buildAuthenticatorAppPages(parts: Parts): Floor {
  const { site, people, passkeys, signIn, sudo, authenticatorApp, secondFactorPages, recoveryCodePages } =
    parts
  const { config, database, now, view } = site
  if (!config.secondFactor.authenticatorApp) return { handlers: [], upkeep: [] }
  const { bothFaces, places } = secondFactorPages
  const { authenticatorStep: step, appSecrets } = authenticatorApp
  const { name } = step
  const stepPageCreator = new StepPageCreator(view, config.secondFactor.trustSeconds)
  const profile = {
    ...signIn,
    ...sudo,
    ...recoveryCodePages,
    door: new ProfileDoor({ ...signIn, ...passkeys, door: sudo.sensitiveDoor }),
    authenticatorAppKeeper: new AuthenticatorAppKeeper({
      database,
      appSecrets,
      tellOwner: (...news) => people.ownerLetters.tell(...news),
      now,
    }),
    authenticatorAppPageCreator: new AuthenticatorAppPageCreator(view, config.serviceName),
  }
  return {
    handlers: [
      new AuthenticatorAppHandler(profile),
      new SetUpHandler(profile),
      ...places.map((place) => {
        const page = new StepPage({ ...place, name, words: authenticatorWords, stepPageCreator })
        return new StepHandler({ ...bothFaces, ...place, step, page })
      }),
      new StepApiHandler({ ...bothFaces, step }),
    ],
    upkeep: [],
  }
}
