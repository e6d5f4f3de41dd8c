import { SealedBox } from '../secrets/sealed-box.js'
import type { Recovery, RecoveryStore } from './recovery-store.js'

const purpose = 'answers to security questions'
// No field that was read holds it.
const separator = '\0'

/**
 * What somebody on the way back into an account has answered so far. It lies in the database, sealed with the token that
 * their browser holds: neither the database alone nor the cookie alone tells it, and no page shows it.
 */
export class GivenAnswers {
  readonly #recoveryStore: RecoveryStore

  constructor(recoveryStore: RecoveryStore) {
    this.#recoveryStore = recoveryStore
  }

  /** The answers in the order of the questions, as far as they were given. */
  of({ id, token, sealedAnswers }: Recovery): string[] {
    const opened = sealedAnswers === null ? null : new SealedBox(token, purpose).open(sealedAnswers, id)
    return opened === null ? [] : opened.toString().split(separator)
  }

  /** Keeps these in the place of those from before; an empty list forgets them. */
  async keep({ id, token }: Recovery, answers: readonly string[]): Promise<void> {
    const content = Buffer.from(answers.join(separator))
    const sealed = answers.length === 0 ? null : new SealedBox(token, purpose).seal(content, id)
    await this.#recoveryStore.keepAnswers(id, sealed)
  }
}
