import { StepApiHandler } from '../second-factor/step-api-handler.js'
import { StepEntrance } from '../second-factor/step-entrance.js'
import { StepExit } from '../second-factor/step-exit.js'
import { StepHandler } from '../second-factor/step-handler.js'
import { CodeApiHandler } from '../sign-in-codes/code-api-handler.js'
import { CodeEntrance } from '../sign-in-codes/code-entrance.js'
import { CodePageCreator } from '../sign-in-codes/code-page-creator.js'
import { CodePage } from '../sign-in-codes/code-page.js'
import { CodeSendingHandler } from '../sign-in-codes/code-sending-handler.js'
import { EmailHandler } from '../sign-in-codes/email-handler.js'
import { EmailPageCreator } from '../sign-in-codes/email-page-creator.js'
import { MailedCodeStep } from '../sign-in-codes/mailed-code-step.js'
import type { Site } from './app-parts.js'
import type { EmailCodes } from './build-email-codes.js'
import type { SecondFactor } from './build-second-factor.js'
import type { SiblingApps } from './build-sibling-apps.js'
import type { SignIn } from './build-sign-in.js'

export type SecondFactorPages = ReturnType<typeof buildSecondFactorPages>

type Parts = {
  site: Site
  siblingApps: SiblingApps
  signIn: SignIn
  emailCodes: EmailCodes
  secondFactor: SecondFactor
}

/** What comes between the password and the session, and the two faces of the mailed code; none where that is never asked for. */
export function buildSecondFactorPages({ site, siblingApps, signIn, emailCodes, secondFactor }: Parts) {
  const { config, now, view } = site
  const { emailOtp, trustSeconds } = config.secondFactor
  const stepEntrance = new StepEntrance({ ...secondFactor, ...siblingApps, ...signIn })
  const bothFaces = {
    ...secondFactor,
    ...signIn,
    stepExit: new StepExit({ ...secondFactor, ...signIn, stepEntrance }),
  }
  const codeEntrance = new CodeEntrance({ ...secondFactor, stepEntrance })
  const step = new MailedCodeStep({
    ...secondFactor,
    ...emailCodes,
    codeDigits: config.emailCodes.signIn.digits,
  })
  const page = new CodePage({
    ...secondFactor,
    codeEntrance,
    codePageCreator: new CodePageCreator(view, {
      sendsMail: config.mail.server !== null,
      mailsPerHour: config.emailCodes.signIn.perHour,
      trustSeconds,
    }),
    now,
  })
  const mailed = [
    new EmailHandler({ ...bothFaces, codeEntrance, emailPageCreator: new EmailPageCreator(view) }),
    new CodeSendingHandler({ ...bothFaces, codeEntrance }),
    new CodeApiHandler(bothFaces),
    new StepHandler({ ...bothFaces, step, page }),
    new StepApiHandler({ ...bothFaces, step }),
  ]
  return { bothFaces, stepEntrance, handlers: emailOtp === 'off' ? [] : mailed, upkeep: [] }
}
