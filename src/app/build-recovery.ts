import { AskedQuestions } from '../recovery/asked-questions.js'
import { EmailCodeSender } from '../recovery/email-code-sender.js'
import { EmailProof } from '../recovery/email-proof.js'
import { GivenAnswers } from '../recovery/given-answers.js'
import { PasskeyProof } from '../recovery/passkey-proof.js'
import { PasswordResetter } from '../recovery/password-resetter.js'
import { QuestionsProof } from '../recovery/questions-proof.js'
import { RecoveryCookie } from '../recovery/recovery-cookie.js'
import { RecoveryGuard } from '../recovery/recovery-guard.js'
import { RecoveryKeeper } from '../recovery/recovery-keeper.js'
import type { RecoveryMethod } from '../recovery/recovery-method.js'
import { RecoveryOffer } from '../recovery/recovery-offer.js'
import type { RecoveryProof } from '../recovery/recovery-proof.js'
import { RecoveryStore } from '../recovery/recovery-store.js'
import { RecoveryUpkeep } from '../recovery/recovery-upkeep.js'
import { ResetCodeProof } from '../recovery/reset-code-proof.js'
import { ResetCodeStore } from '../reset-codes/reset-code-store.js'
import { QuestionDisguise } from '../security-questions/question-disguise.js'
import { SecurityQuestionStore } from '../security-questions/security-question-store.js'
import type { Site } from './app-parts.js'
import type { Attempts } from './build-attempts.js'
import type { EmailCodes } from './build-email-codes.js'
import type { Ground } from './build-ground.js'
import type { Passkeys } from './build-passkeys.js'
import type { People } from './build-people.js'
import { offeredMethods } from './offered-methods.js'

export type Recovery = ReturnType<typeof buildRecovery>

type Parts = {
  site: Site
  ground: Ground
  people: People
  attempts: Attempts
  emailCodes: EmailCodes
  passkeys: Passkeys
}

/** The ways back into an account whose password was forgotten. */
export function buildRecovery({ site, ground, people, attempts, emailCodes, passkeys }: Parts) {
  const { config, database, logger, now } = site
  const { revealAccountExistence, serviceName, publicOrigin } = config
  const { passwordHasher, mailOutbox } = ground
  const { accountStore, sessionKeeper, securityEventRecorder } = people
  const { emailCodeKeeper } = emailCodes
  const securityQuestionStore = new SecurityQuestionStore(database)
  const recoveryStore = new RecoveryStore(database)
  const plugs: { [method in RecoveryMethod]: RecoveryProof } = {
    passkey: new PasskeyProof(passkeys.recoveryPasskeyKeeper),
    email: new EmailProof({ emailCodeKeeper, digits: config.emailCodes.recoverAccount.digits }),
    questions: new QuestionsProof({ securityQuestionStore, passwordHasher }),
  }
  const methods = offeredMethods(config)
  const enabled: RecoveryProof[] = [...methods.map((method) => plugs[method]), new ResetCodeProof()]
  const proofs = new Map(enabled.map((proof) => [proof.method, proof]))
  return {
    methods,
    recoveryKeeper: new RecoveryKeeper({
      ...config.recovery,
      database,
      recoveryGuard: new RecoveryGuard({ ...attempts, limits: config.recovery, now }),
      proofs,
      accountStore,
      securityEventRecorder,
      revealAccountExistence,
      now,
    }),
    givenAnswers: new GivenAnswers(recoveryStore),
    recoveryOffer: new RecoveryOffer({ proofs, accountStore, revealAccountExistence }),
    askedQuestions: new AskedQuestions({
      securityQuestionStore,
      questionDisguise: new QuestionDisguise(database),
      revealAccountExistence,
    }),
    emailCodeSender: new EmailCodeSender({
      ...attempts,
      accountStore,
      emailCodeKeeper,
      mailOutbox,
      serviceName,
    }),
    passwordResetter: new PasswordResetter({
      database,
      accountStore,
      sessionKeeper,
      passwordHasher,
      mailOutbox: config.mail.server === null ? null : mailOutbox,
      serviceName,
      now,
    }),
    recoveryCookie: new RecoveryCookie({ publicOrigin, validitySeconds: config.recovery.validitySeconds }),
    handlers: [],
    upkeep: [
      new RecoveryUpkeep({
        recoveryStore,
        resetCodeStore: new ResetCodeStore(database),
        intervalSeconds: config.sessions.sweepIntervalSeconds,
        log: logger,
        now,
      }),
    ],
  }
}
