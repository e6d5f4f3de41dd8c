import { ProofPageCreator } from '../forgot-password/proof-page-creator.js'
import { ProofStep } from '../forgot-password/proof-step.js'
import { QuestionPageCreator } from '../forgot-password/question-page-creator.js'
import { RecoverHandler } from '../forgot-password/recover-handler.js'
import { RecoverPageCreator } from '../forgot-password/recover-page-creator.js'
import { RecoverProofHandler } from '../forgot-password/recover-proof-handler.js'
import { RecoverQuestionsHandler } from '../forgot-password/recover-questions-handler.js'
import { RecoverRequestParser } from '../forgot-password/recover-request-parser.js'
import { RecoverResetHandler } from '../forgot-password/recover-reset-handler.js'
import { RecoveryApiHandler } from '../forgot-password/recovery-api-handler.js'
import { RecoveryEntrance } from '../forgot-password/recovery-entrance.js'
import { ResetApiHandler } from '../forgot-password/reset-api-handler.js'
import { ResetPageCreator } from '../forgot-password/reset-page-creator.js'
import type { Site } from './app-parts.js'
import type { People } from './build-people.js'
import type { Recovery } from './build-recovery.js'
import type { SiblingApps } from './build-sibling-apps.js'
import type { SignIn } from './build-sign-in.js'
import type { Floor } from './floor.js'

type Parts = { site: Site; people: People; siblingApps: SiblingApps; signIn: SignIn; recovery: Recovery }

/** The two faces of what lies behind "Forgot your password?". */
export function buildForgotPassword({ site, people, siblingApps, signIn, recovery }: Parts): Floor {
  const { config, view } = site
  const { methods, recoveryKeeper, recoveryOffer, recoveryCookie, passwordResetter } = recovery
  const requestParser = new RecoverRequestParser(siblingApps.destinationReader)
  const recoverPageCreator = new RecoverPageCreator(view, { hasWays: methods.length > 0 })
  const common = { ...siblingApps, requestParser, recoveryKeeper, recoveryCookie, recoverPageCreator }
  const recoveryEntrance = new RecoveryEntrance(common)
  const { farewellCookie, visitorReader } = signIn
  const proofStep = new ProofStep({ recoveryKeeper, recoveryCookie, recoveryEntrance, visitorReader })
  return {
    handlers: [
      new RecoverHandler({ ...common, visitorReader, recoveryOffer, recoveryEntrance }),
      new RecoverProofHandler({
        methods: [...methods.filter((method) => method !== 'questions'), 'code'],
        requestParser,
        recoveryEntrance,
        proofStep,
        emailCodeSender: recovery.emailCodeSender,
        visitorReader,
        proofPageCreator: new ProofPageCreator(view, {
          ...config,
          mailsPerHour: config.emailCodes.recoverAccount.perHour,
        }),
      }),
      ...(methods.includes('questions')
        ? [
            new RecoverQuestionsHandler({
              requestParser,
              recoveryEntrance,
              givenAnswers: recovery.givenAnswers,
              askedQuestions: recovery.askedQuestions,
              proofStep,
              questionPageCreator: new QuestionPageCreator(view),
            }),
          ]
        : []),
      new RecoverResetHandler({
        recoveryEntrance,
        recoveryCookie,
        farewellCookie,
        passwordResetter,
        newPasswordReader: people.newPasswordReader,
        visitorReader,
        resetPageCreator: new ResetPageCreator(view, {
          minimumPasswordLength: config.passwords.minimumLength,
          losesPasskey: methods.includes('passkey'),
        }),
      }),
      new RecoveryApiHandler({ ...recovery, visitorReader }),
      new ResetApiHandler({ ...recovery, newPasswordReader: people.newPasswordReader, visitorReader }),
    ],
    upkeep: [],
  }
}
