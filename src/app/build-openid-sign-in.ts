import { FirebaseHandler } from '../openid-sign-in/firebase-handler.js'
import { FirebaseVerifier } from '../openid-sign-in/firebase-verifier.js'
import { IdentityKeeper } from '../openid-sign-in/identity-keeper.js'
import { KnownArrival } from '../openid-sign-in/known-arrival.js'
import { LinkEnd } from '../openid-sign-in/link-end.js'
import { LinkHandler } from '../openid-sign-in/link-handler.js'
import { LinkPageCreator } from '../openid-sign-in/link-page-creator.js'
import { NewcomerHandler } from '../openid-sign-in/newcomer-handler.js'
import { NewcomerKeeper } from '../openid-sign-in/newcomer-keeper.js'
import { NewcomerPageCreator } from '../openid-sign-in/newcomer-page-creator.js'
import { NewcomerStore } from '../openid-sign-in/newcomer-store.js'
import { OpenidCookie } from '../openid-sign-in/openid-cookie.js'
import { OpenidHandler } from '../openid-sign-in/openid-handler.js'
import { OpenidPageCreator } from '../openid-sign-in/openid-page-creator.js'
import { OpenidProvider } from '../openid-sign-in/openid-provider.js'
import type { OpenidRules } from '../openid-sign-in/openid-rules.js'
import { OpenidUpkeep } from '../openid-sign-in/openid-upkeep.js'
import { ProofEnd } from '../openid-sign-in/proof-end.js'
import { ProviderWay } from '../openid-sign-in/provider-way.js'
import { ServiceNames } from '../openid-sign-in/service-names.js'
import { SetOut } from '../openid-sign-in/set-out.js'
import { SignInEnd } from '../openid-sign-in/sign-in-end.js'
import type { View } from '../http/view.js'
import type { ProofWay } from '../sudo-mode/proof-way.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'
import type { SecondFactor } from './build-second-factor.js'
import type { SiblingApps } from './build-sibling-apps.js'
import type { SignIn } from './build-sign-in.js'
import type { Sudo } from './build-sudo-mode.js'
import type { Floor } from './floor.js'

type Parts = {
  site: Site
  ground: Ground
  people: People
  siblingApps: SiblingApps
  secondFactor: SecondFactor
  attempts: Attempts
  signIn: SignIn
  sudo: Sudo
}

/** How long somebody may take at the other service, and to choose a username. */
const validitySeconds = 900

/** Signing in by another service: its pages, and its token for programs; and how it proves again who one is. */
export function buildOpenidSignIn(parts: Parts): Floor & { proofWays: readonly ProofWay[] } {
  const { site, people, signIn, sudo } = parts
  const { config, database, logger, now, view } = site
  const { openid, firebase, publicOrigin } = config
  const identityKeeper = new IdentityKeeper({
    database,
    tellOwner: (...news) => people.ownerLetters.tell(...news),
    decoyHash: parts.ground.passwordHasher.decoyHash,
    now,
  })
  const newcomerStore = new NewcomerStore(database)
  const common = {
    ...people,
    ...parts.siblingApps,
    ...parts.attempts,
    ...parts.ground,
    ...signIn,
    ...sudo,
    newcomerStore,
    secondStep: parts.secondFactor.secondStep,
    identityKeeper,
    isEmailNeeded: config.secondFactor.emailOtp === 'required',
    publicOrigin,
    validitySeconds,
    now,
  }
  const browserWay = openid === null ? null : buildBrowserWay(openid, view, common)
  return {
    proofWays: browserWay === null ? [] : [browserWay.providerWay],
    handlers: [
      ...(browserWay?.handlers ?? []),
      new LinkHandler({
        ...common,
        linkPageCreator: new LinkPageCreator(view, new ServiceNames(openid, firebase)),
        setOut: browserWay?.setOut ?? null,
      }),
      ...(firebase === null
        ? []
        : [
            new FirebaseHandler({
              ...common,
              firebaseVerifier: new FirebaseVerifier({ rules: firebase, now }),
            }),
          ]),
    ],
    upkeep: [
      new OpenidUpkeep({
        newcomerStore,
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}

type BrowserWayParts = { isEmailNeeded: boolean } & Omit<
  ConstructorParameters<typeof OpenidHandler>[0] &
    ConstructorParameters<typeof NewcomerHandler>[0] &
    ConstructorParameters<typeof KnownArrival>[0] &
    ConstructorParameters<typeof NewcomerKeeper>[0] &
    ConstructorParameters<typeof LinkEnd>[0] &
    ConstructorParameters<typeof ProofEnd>[0] &
    ConstructorParameters<typeof ProviderWay>[0],
  MadeHere
>
type MadeHere =
  | 'openidProvider'
  | 'errandCookie'
  | 'newcomerCookie'
  | 'setOut'
  | 'ends'
  | 'openidPageCreator'
  | 'newcomerPageCreator'
  | 'newcomerKeeper'
  | 'knownArrival'
  | 'issuer'
  | 'name'

/** There and back in a browser. */
function buildBrowserWay(rules: OpenidRules, view: View, common: BrowserWayParts) {
  const openidProvider = new OpenidProvider({ rules, now: common.now })
  const openidPageCreator = new OpenidPageCreator(view, rules)
  const errandCookie = new OpenidCookie({ ...common, name: 'latchkey_errand' })
  const setOut = new SetOut({ ...common, openidProvider, errandCookie, openidPageCreator })
  const arriving = {
    ...common,
    newcomerKeeper: new NewcomerKeeper(common),
    newcomerCookie: new OpenidCookie({ ...common, name: 'latchkey_newcomer' }),
    knownArrival: new KnownArrival(common),
    openidPageCreator,
  }
  const ends = { signIn: new SignInEnd(arriving), link: new LinkEnd(common), prove: new ProofEnd(common) }
  const providerWay = new ProviderWay({ ...common, ...rules, setOut })
  return {
    setOut,
    providerWay,
    handlers: [
      providerWay,
      new OpenidHandler({ ...common, openidProvider, errandCookie, setOut, openidPageCreator, ends }),
      new NewcomerHandler({
        ...arriving,
        newcomerPageCreator: new NewcomerPageCreator(view, {
          name: rules.name,
          isEmailNeeded: common.isEmailNeeded,
        }),
      }),
    ],
  }
}
