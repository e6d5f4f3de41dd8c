import { QuestionsHandler } from '../security-questions/questions-handler.js'
import { QuestionsPageCreator } from '../security-questions/questions-page-creator.js'
import { SecurityQuestionKeeper } from '../security-questions/security-question-keeper.js'
import { endRecoveries } from '../recovery/end-recoveries.js'
import type { Site } from './app-parts.js'
import type { Ground } from './build-ground.js'
import type { People } from './build-people.js'
import type { Passkeys } from './build-passkeys.js'
import type { SignIn } from './build-sign-in.js'
import type { Sudo } from './build-sudo-mode.js'
import type { Floor } from './floor.js'

type Parts = { site: Site; ground: Ground; people: People; signIn: SignIn; sudo: Sudo; passkeys: Passkeys }

/** Where security questions are set up; nowhere when the operator leaves them out. */
export function buildSecurityQuestions({ site, ground, people, signIn, sudo, passkeys }: Parts): Floor {
  const { config, database, now, view } = site
  if (!config.recovery.methods.includes('questions')) return { handlers: [], upkeep: [] }
  return {
    handlers: [
      new QuestionsHandler({
        door: sudo.sensitiveDoor,
        passkeyReminder: passkeys.passkeyReminder,
        sudoStep: sudo.sudoStep,
        visitorReader: signIn.visitorReader,
        securityQuestionKeeper: new SecurityQuestionKeeper({
          database,
          passwordHasher: ground.passwordHasher,
          wayBackChange: endRecoveries,
          tellOwner: (...news) => people.ownerLetters.tell(...news),
          now,
        }),
        questionsPageCreator: new QuestionsPageCreator(view),
      }),
    ],
    upkeep: [],
  }
}
