import type { Account } from '../accounts/account-store.js'
import type { PasswordHasher } from '../secrets/password-hasher.js'
import { isReadableAnswer } from '../security-questions/is-readable-answer.js'
import { joinAnswers } from '../security-questions/join-answers.js'
import type { SecurityQuestionStore } from '../security-questions/security-question-store.js'
import { questionCount } from '../security-questions/security-questions.js'
import type { ProofClaim, RecoveryProof } from './recovery-proof.js'

export type QuestionsProofParts = {
  securityQuestionStore: SecurityQuestionStore
  passwordHasher: PasswordHasher
}

/** Proves an account by the answers to its three security questions, all at once. */
export class QuestionsProof implements RecoveryProof {
  readonly method = 'questions'
  readonly isGuessable = true
  readonly #parts: QuestionsProofParts

  constructor(parts: QuestionsProofParts) {
    this.#parts = parts
  }

  async isSetUpFor(account: Account): Promise<boolean> {
    return (await this.#parts.securityQuestionStore.find(account.id)) !== null
  }

  isReadable(typed: readonly string[]): boolean {
    return typed.length === questionCount && typed.every(isReadableAnswer)
  }

  /** Whoever has no questions is verified too, against a decoy: otherwise the time would tell. */
  async isRight({ recovery, typed, signal }: ProofClaim): Promise<boolean> {
    const { securityQuestionStore, passwordHasher } = this.#parts
    const own = await securityQuestionStore.find(recovery.accountId)
    return passwordHasher.verify(own?.answersHash ?? passwordHasher.decoyHash, joinAnswers(typed), { signal })
  }
}
