import type { Queryable } from '../database/queryable.js'
import { isQuestionKey, type QuestionKey } from './security-questions.js'

/** What an account is asked, and the hash over all its answers (see `joinAnswers`). */
export type SecurityQuestions = { questions: QuestionKey[]; answersHash: string; createdAt: Date }

type Row = { questions: string[]; answers_hash: string; created_at: Date }

/** The table `security_questions`: a row for each account whose owner has set them up. */
export class SecurityQuestionStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** @param accountId null finds none, in the same time */
  async find(accountId: string | null): Promise<SecurityQuestions | null> {
    const { rows } = await this.#database.query<Row>({
      name: 'find security questions',
      text: `
        select questions, answers_hash, created_at
        from security_questions
        where account_id = $1`,
      values: [accountId],
    })
    const row = rows[0]
    if (row === undefined) return null
    const questions = row.questions.filter(isQuestionKey)
    return { questions, answersHash: row.answers_hash, createdAt: row.created_at }
  }

  /** Sets the questions of an account, in place of those it has. An account that is gone is passed over. */
  async set(
    accountId: string,
    questions: readonly QuestionKey[],
    answersHash: string,
    now: Date,
  ): Promise<void> {
    await this.#database.query(
      `insert into security_questions (account_id, questions, answers_hash, created_at)
       select id, $2, $3, $4
       from accounts
       where id = $1
       on conflict (account_id) do update
       set questions = excluded.questions,
           answers_hash = excluded.answers_hash,
           created_at = excluded.created_at`,
      [accountId, questions, answersHash, now],
    )
  }

  /** @returns whether there were any */
  async remove(accountId: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `delete from security_questions
       where account_id = $1`,
      [accountId],
    )
    return rowCount === 1
  }
}
