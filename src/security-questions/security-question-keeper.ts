import type { WayBackChange } from '../accounts/way-back-change.js'
import type { Database } from '../database/database.js'
import type { Queryable } from '../database/queryable.js'
import { orBusy, type Busy } from '../secrets/or-busy.js'
import type { PasswordHasher } from '../secrets/password-hasher.js'
import { SecurityEventStore } from '../security-events/security-event-store.js'
import type { SignedIn } from '../sign-in/door.js'
import { lockForChange } from '../sign-in/lock-for-change.js'
import type { TellOwner, WayInNews } from '../sign-in/tell-owner.js'
import { visitorEvent } from '../sign-in/visitor-event.js'
import type { Visitor } from '../sign-in/visitor.js'
import { joinAnswers } from './join-answers.js'
import { SecurityQuestionStore } from './security-question-store.js'
import type { QuestionKey } from './security-questions.js'

export type SecurityQuestionKeeperParts = {
  database: Database
  passwordHasher: PasswordHasher
  wayBackChange: WayBackChange
  tellOwner: TellOwner
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
    signedIn: SignedIn,
    questions: readonly QuestionKey[],
    answers: readonly string[],
    visitor: Visitor,
  ): Promise<{ kind: 'set' } | { kind: 'sessionOver' } | Busy> {
    return orBusy(async () => {
      const { passwordHasher, now } = this.#parts
      const answersHash = await passwordHasher.hash(joinAnswers(answers), { signal: visitor.signal })
      const { accountId } = signedIn.session
      const isSet = await this.#change(signedIn, 'securityQuestionsSet', visitor, async (client) => {
        await new SecurityQuestionStore(client).set(accountId, questions, answersHash, now())
        return true
      })
      return { kind: isSet ? 'set' : 'sessionOver' }
    })
  }

  /**
   * @returns false when the session is over
   * @throws DatabaseUnavailable
   */
  async remove(signedIn: SignedIn, visitor: Visitor): Promise<boolean> {
    return this.#change(signedIn, 'securityQuestionsRemoved', visitor, async (client) =>
      new SecurityQuestionStore(client).remove(signedIn.session.accountId),
    )
  }

  /** @param work tells whether it changed anything */
  async #change(
    signedIn: SignedIn,
    kind: WayInNews,
    visitor: Visitor,
    work: (client: Queryable) => Promise<boolean>,
  ): Promise<boolean> {
    const { database, wayBackChange, tellOwner, now } = this.#parts
    const { accountId } = signedIn.session
    const done = await database.transaction(async (client) => {
      const account = await lockForChange(signedIn, client)
      if (account === null || !(await work(client))) return { account, isToBeTold: false }
      await wayBackChange(accountId, client)
      const event = visitorEvent(accountId, kind, visitor, now())
      return { account, isToBeTold: await new SecurityEventStore(client).addRepeatable(event) }
    })
    if (done.account === null) return false
    if (done.isToBeTold) tellOwner(done.account, kind, visitor)
    return true
  }
}
