import { AttemptGuard } from '../attempts/attempt-guard.js'
import { Door } from '../sign-in/door.js'
import { HttpHandler } from '../sign-in/http-handler.js'
import { LoginNoticeReader } from '../sign-in/login-notice-reader.js'
import { LoginPageCreator } from '../sign-in/login-page-creator.js'
import { LogoutHandler } from '../sign-in/logout-handler.js'
import { LogoutPageCreator } from '../sign-in/logout-page-creator.js'
import { RegisterPageCreator } from '../sign-in/register-page-creator.js'
import { RequestParser } from '../sign-in/request-parser.js'
import { UserAuthenticator } from '../sign-in/user-authenticator.js'
import { VisitorReader } from '../sign-in/visitor-reader.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { Ground } from './build-ground.js'
import type { Passkeys } from './build-passkeys.js'
import type { People } from './build-people.js'
import type { SiblingApps } from './build-sibling-apps.js'
import { offeredMethods } from './offered-methods.js'

export type SignIn = ReturnType<typeof buildSignIn>

type Parts = {
  site: Site
  ground: Ground
  people: People
  attempts: Attempts
  siblingApps: SiblingApps
  passkeys: Passkeys
}

/** Signing in, registering and signing out. */
export function buildSignIn({ site, ground, people, attempts, siblingApps, passkeys }: Parts) {
  const { config, now, view } = site
  const { passwordHasher, sessionCookie, deviceCookie } = ground
  const {
    accountStore,
    endedSessionStore,
    newPasswordReader,
    securityEventRecorder,
    sessionFinder,
    sessionKeeper,
  } = people
  const { destinationReader, refusedRedirectPageCreator } = siblingApps
  const methods = offeredMethods(config)
  const userAuthenticator = new UserAuthenticator({
    signInGate: new AttemptGuard({ ...attempts, limits: config.attempts, now }),
    accountStore,
    sessionKeeper,
    passwordHasher,
    securityEventRecorder,
    sessionTokenValidityDurationSeconds: config.sessions.validitySeconds,
    now,
  })
  const door = new Door({
    sessionFinder,
    sessionCookie,
    sessionValiditySeconds: config.sessions.validitySeconds,
    now,
  })
  const visitorReader = new VisitorReader(deviceCookie)
  const pages = { destinationReader, refusedRedirectPageCreator, sessionCookie }
  return {
    userAuthenticator,
    door,
    visitorReader,
    handlers: [
      new HttpHandler({
        ...pages,
        deviceCookie,
        door,
        visitorReader,
        signInDetour: passkeys.signInDetour,
        requestParser: new RequestParser({ destinationReader, newPasswordReader }),
        userAuthenticator,
        loginNoticeReader: new LoginNoticeReader({ sessionCookie, endedSessionStore }),
        loginPageCreator: new LoginPageCreator(view, {
          ...config,
          recovery: { isOffered: methods.length > 0, offersPasskey: methods.includes('passkey') },
        }),
        registerPageCreator: new RegisterPageCreator(view, {
          minimumPasswordLength: config.passwords.minimumLength,
        }),
        now,
      }),
      new LogoutHandler({
        ...pages,
        sessionKeeper,
        securityEventRecorder,
        visitorReader,
        now,
        logoutPageCreator: new LogoutPageCreator(view),
      }),
    ],
    upkeep: [],
  }
}
