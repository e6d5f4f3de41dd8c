import { CodeApiHandler } from '../second-factor/code-api-handler.js'
import { CodeEntrance } from '../second-factor/code-entrance.js'
import { CodeHandler } from '../second-factor/code-handler.js'
import { CodePageCreator } from '../second-factor/code-page-creator.js'
import { EmailHandler } from '../second-factor/email-handler.js'
import { EmailPageCreator } from '../second-factor/email-page-creator.js'
import type { Site } from './app-parts.js'
import type { SecondFactor } from './build-second-factor.js'
import type { SiblingApps } from './build-sibling-apps.js'
import type { SignIn } from './build-sign-in.js'
import type { Floor } from './floor.js'

type Parts = { site: Site; siblingApps: SiblingApps; signIn: SignIn; secondFactor: SecondFactor }

/** The two faces of the code at sign-in; none where no code is ever asked for. */
export function buildSecondFactorPages({ site, siblingApps, signIn, secondFactor }: Parts): Floor {
  const { config, now, view } = site
  if (config.secondFactor.emailOtp === 'off') return { handlers: [], upkeep: [] }
  const { sessionStarter, visitorReader, programWelcome } = signIn
  const bothFaces = { ...secondFactor, sessionStarter, visitorReader, now }
  const codeEntrance = new CodeEntrance({ ...secondFactor, ...siblingApps, ...signIn })
  return {
    handlers: [
      new EmailHandler({ ...bothFaces, codeEntrance, emailPageCreator: new EmailPageCreator(view) }),
      new CodeHandler({
        ...bothFaces,
        codeEntrance,
        codePageCreator: new CodePageCreator(view, {
          sendsMail: config.mail.server !== null,
          mailsPerHour: config.emailCodes.signIn.perHour,
          trustSeconds: config.secondFactor.trustSeconds,
        }),
      }),
      new CodeApiHandler({ ...bothFaces, programWelcome }),
    ],
    upkeep: [],
  }
}
