import type { QuestionDisguise } from '../security-questions/question-disguise.js'
import type { SecurityQuestionStore } from '../security-questions/security-question-store.js'
import type { QuestionKey } from '../security-questions/security-questions.js'
import type { Recovery } from './recovery-store.js'

export type AskedQuestionsParts = {
  securityQuestionStore: SecurityQuestionStore
  questionDisguise: QuestionDisguise
  /** Whether people may learn which accounts exist and what they have. */
  revealAccountExistence: boolean
}

/** Which questions somebody on the way back into an account is asked. */
export class AskedQuestions {
  readonly #parts: AskedQuestionsParts

  constructor(parts: AskedQuestionsParts) {
    this.#parts = parts
  }

  /** @returns null when the account has none, and that may be known */
  async of({ accountId, nameHash }: Recovery): Promise<QuestionKey[] | null> {
    const { securityQuestionStore, questionDisguise, revealAccountExistence } = this.#parts
    const own = await securityQuestionStore.find(accountId)
    if (own !== null) return own.questions
    return revealAccountExistence ? null : questionDisguise.questionsFor(nameHash)
  }
}
