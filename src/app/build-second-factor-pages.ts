import { ProofEntrance } from '../second-factor/proof-entrance.js'
import { ProofExit } from '../second-factor/proof-exit.js'
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
import type { Sudo } from './build-sudo-mode.js'

export type SecondFactorPages = ReturnType<typeof buildSecondFactorPages>

type Parts = {
  site: Site
  siblingApps: SiblingApps
  signIn: SignIn
  sudo: Sudo
  emailCodes: EmailCodes
  secondFactor: SecondFactor
}

/**
 * What comes after the password, at sign-in and to prove again who one is, and the two faces of the mailed code; none where
 * that is never asked for.
 */
export function buildSecondFactorPages(parts: Parts) {
  const { site, siblingApps, signIn, sudo, emailCodes, secondFactor } = parts
  const { config, now, view } = site
  const { emailOtp, trustSeconds } = config.secondFactor
  const stepEntrance = new StepEntrance({ ...secondFactor, ...siblingApps, ...signIn })
  const bothFaces = {
    ...secondFactor,
    ...signIn,
    stepExit: new StepExit({ ...secondFactor, ...signIn, stepEntrance }),
  }
  const proving = { ...secondFactor, ...signIn, ...sudo, pendingSignInCookie: secondFactor.proofCookie }
  /** The pages of a step stand at each of these. */
  const places = [
    { purpose: 'signIn' as const, stepEntrance, stepExit: bothFaces.stepExit },
    {
      purpose: 'proof' as const,
      stepEntrance: new ProofEntrance(proving),
      stepExit: new ProofExit(proving),
    },
  ]
  const step = new MailedCodeStep({
    ...secondFactor,
    ...emailCodes,
    codeDigits: config.emailCodes.signIn.digits,
  })
  const emailPageCreator = new EmailPageCreator(view)
  const codePageCreator = new CodePageCreator(view, {
    sendsMail: config.mail.server !== null,
    mailsPerHour: config.emailCodes.signIn.perHour,
    trustSeconds,
  })
  const mailed = [
    ...places.flatMap((place) => {
      const codeEntrance = new CodeEntrance({ ...secondFactor, ...place })
      const page = new CodePage({ ...secondFactor, codeEntrance, codePageCreator, now })
      return [
        new EmailHandler({ ...bothFaces, ...place, codeEntrance, emailPageCreator }),
        new CodeSendingHandler({ ...bothFaces, ...place, codeEntrance }),
        new StepHandler({ ...bothFaces, ...place, step, page }),
      ]
    }),
    new CodeApiHandler(bothFaces),
    new StepApiHandler({ ...bothFaces, step }),
  ]
  return { bothFaces, places, handlers: emailOtp === 'off' ? [] : mailed, upkeep: [] }
}
