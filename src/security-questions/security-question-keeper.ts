import { AccountStore } from '../accounts/account-store.js'
import type { WayBackChange } from '../accounts/way-back-change.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import { orBusy, type Busy } from '../secrets/or-busy.js'
import type { PasswordHasher } from '../secrets/password-hasher.js'
import type { SecurityEventKind } from '../security-events/security-event.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import { joinAnswers } from './join-answers.js'
import { SecurityQuestionStore } from './security-question-store.js'
import type { QuestionKey } from './security-questions.js'

export type SecurityQuestionKeeperParts = {
  database: Database
  passwordHasher: PasswordHasher
  wayBackChange: WayBackChange
  now: () => Date
}

/** Sets and removes the security questions of an account, together with the event that tells its owner. */
export class SecurityQuestionKeeper {
  readonly #parts: SecurityQuestionKeeperParts

  constructor(parts: SecurityQuestionKeeperParts) {
    this.#parts = parts
  }

  /** @returns since when the account has questions; null when it has none */
  async setSince(accountId: string): Promise<Date | null> {
    const own = await new SecurityQuestionStore(this.#parts.database).find(accountId)
    return own?.createdAt ?? null
  }

  /**
   * Sets the questions in place of those that the account has.
   *
   * @param answers as typed, in the order of the questions
   * @throws DatabaseUnavailable, HashingUnavailable, or the reason of `visitor.signal`
   */
  async set(
    accountId: string,
    questions: readonly QuestionKey[],
    answers: readonly string[],
    visitor: Visitor,
  ): Promise<{ kind: 'set' } | Busy> {
    return orBusy(async () => {
      const { passwordHasher, now } = this.#parts
      const answersHash = await passwordHasher.hash(joinAnswers(answers), { signal: visitor.signal })
      await this.#change(accountId, 'securityQuestionsSet', visitor, async (client) => {
        await new SecurityQuestionStore(client).set(accountId, questions, answersHash, now())
      })
      return { kind: 'set' }
    })
  }

  /** @throws DatabaseUnavailable */
  async remove(accountId: string, visitor: Visitor): Promise<void> {
    await this.#change(accountId, 'securityQuestionsRemoved', visitor, async (client) => {
      await new SecurityQuestionStore(client).remove(accountId)
    })
  }

  async #change(
    accountId: string,
    kind: SecurityEventKind,
    visitor: Visitor,
    work: (client: Queryable) => Promise<void>,
  ): Promise<void> {
    const { database, wayBackChange, now } = this.#parts
    await database.transaction(async (client) => {
      await new AccountStore(client).findAndLock(accountId)
      await work(client)
      await wayBackChange(accountId, client)
      await new SecurityEventStore(client).add([visitorEvent(accountId, kind, visitor, now())])
    })
  }
}
