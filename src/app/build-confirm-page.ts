import { ConfirmHandler } from '../sudo-mode/confirm-handler.js'
import { ConfirmPageCreator } from '../sudo-mode/confirm-page-creator.js'
import type { ProofWay } from '../sudo-mode/proof-way.js'
import type { Site } from './app-parts.js'
import type { People } from './build-people.js'
import type { SecondFactor } from './build-second-factor.js'
import type { SignIn } from './build-sign-in.js'
import type { Sudo } from './build-sudo-mode.js'
import type { Floor } from './floor.js'

type Parts = {
  site: Site
  people: People
  secondFactor: SecondFactor
  signIn: SignIn
  sudo: Sudo
  /** Of the rooms above, in the order of the page. */ proofWays: readonly ProofWay[]
}

/** The page on which people prove again who they are; built after all that plugs in there. */
export function buildConfirmPage({ site, people, secondFactor, signIn, sudo, proofWays }: Parts): Floor {
  return {
    handlers: [
      new ConfirmHandler({
        ...people,
        ...secondFactor,
        ...signIn,
        ...sudo,
        proofWays,
        confirmPageCreator: new ConfirmPageCreator(site.view),
      }),
    ],
    upkeep: [],
  }
}
